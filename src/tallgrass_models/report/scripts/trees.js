// Trees of the page's data, which are cells of long tables and heavy pictures: built as elements, or read as text.

// A tree is a text, or [tag, attributes, child, child...]; page/trees.py makes it, and knows which tags there are.
function built(tree, make = element) {
  if (typeof tree === "string") return document.createTextNode(tree);
  const [tag, attributes, ...children] = tree;
  const maker = tag === "svg" ? drawn : make;
  const inside = children.map((child) => built(child, maker));
  if (tag) return maker(tag, attributes, ...inside);
  const row = document.createDocumentFragment();
  row.append(...inside);
  return row;
}

// Its text, without signs that are there for the eye.
function words(tree) {
  if (typeof tree === "string") return tree;
  const [tag, attributes, ...children] = tree;
  return attributes["aria-hidden"] === "true" ? "" : tag === "br" ? " " : children.map(words).join("");
}
