// The data of the page: compressed blocks, each unpacked when it is first asked for, and once.
const unpacked = new Map();

// A promise of the block `name`; it fails if there is none, or if the browser cannot unpack it.
function pageData(name) {
  if (!unpacked.has(name)) unpacked.set(name, unpack(name));
  return unpacked.get(name);
}

async function unpack(name) {
  const block = document.querySelector(`script[data-block="${CSS.escape(name)}"]`);
  if (!block) throw new Error(`the page has no data named ${name}`);
  const bytes = Uint8Array.from(atob(block.textContent), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}
