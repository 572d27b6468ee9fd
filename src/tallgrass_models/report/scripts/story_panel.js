// The panel with the story of a member or a roll call. Its address is the page's, with #member=... or #rollcall=...

const panel = element("dialog", { class: "story", "aria-labelledby": "story-title" });
document.body.append(panel);
let depth = 0; // how many stories were opened since the page itself was seen
let shown = null; // the address of the story in the panel
let next = null; // where a link leads that was pressed while the browser was still going back

// What the address asks for: kind, id and fit; null if it is a place in the page.
function asked() {
  const found = new URLSearchParams(location.hash.slice(1));
  const kind = ["member", "rollcall"].find((name) => found.has(name));
  return kind ? { kind, id: found.get(kind), fit: found.get("fit") } : null;
}

async function route() {
  const link = asked();
  if (!link) {
    depth = 0;
    shown = null;
    panel.close();
    follow();
    return;
  }
  remember();
  const here = location.hash;
  const story = await storyFor(link).catch(failed);
  if (here !== location.hash) return;
  shown = here;
  show(story);
}

// Number the entries of the history, so that closing goes back to the page, over all stories.
function remember() {
  if (history.state?.story) {
    depth = history.state.story;
  } else if (depth || panel.dataset.ready) {
    depth += 1;
    history.replaceState({ story: depth }, "");
  } else { // the page was opened with a story: put the page itself below it
    const link = location.href;
    history.replaceState(null, "", link.replace(/#.*/s, ""));
    history.pushState({ story: 1 }, "", link);
    depth = 1;
  }
}

function show({ title, parts }) {
  const close = element("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
  close.addEventListener("click", () => panel.close());
  const heading = element("h2", { id: "story-title", tabindex: "-1" }, bdi(title));
  panel.replaceChildren(element("div", { class: "story-inside" }, close, heading, ...parts));
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  heading.focus({ focusVisible: false });
}

// Escape, the button and a click beside the panel close it, and go back to where the page was.
panel.addEventListener("close", () => {
  if (asked()) history.go(-depth);
});
panel.addEventListener("click", (event) => {
  if (event.target === panel) panel.close();
});

// Going back takes a moment, and would undo what a link pressed within it did: the link follows it.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (!link || panel.open || shown === null || shown !== location.hash) return;
  event.preventDefault();
  next = link.hash;
  setTimeout(follow, 1000); // should the browser not go back
}, true);

function follow() {
  if (next !== null) location.hash = next;
  next = null;
}

// The same story from another fit.
function chooseFit(name) {
  const { kind, id } = asked();
  history.replaceState(history.state, "", storyLink(kind, id, name));
  route().then(() => document.getElementById("story-fit")?.focus());
}

async function storyFor({ kind, id, fit }) {
  if (document.querySelector('script[data-block="variants"]')) return variantStory(await pageData("variants"), id);
  if (document.querySelector('script[data-block="careers"]')) return careerStory(await pageData("careers"), id);
  const index = await storyIndex();
  if (!index) return notFound("This page has no stories", "Its results were made by an older version. Run the experiment again.");
  for (const name of Object.keys(index.chambers)) {
    const chamber = await storyChamber(index, name);
    const place = placeIn(chamber, kind, id);
    if (place < 0) continue;
    const from = chamber.fit(fit);
    return kind === "member" ? memberStory(chamber, place, from) : rollcallStory(chamber, place, from, await twinOf(index, chamber, place));
  }
  const gone = kind === "member" && Object.entries(index.gone).find(([known]) => known === id || known.endsWith(`:${id}`));
  if (gone) return notFound(gone[1][0], `This member is in no fit, because of the filters of the votes: ${gone[1][1]}.`);
  const what = kind === "member" ? "member" : "roll call used in a fit";
  return notFound("Not found", `This page has no ${what} with the id “${id}”.`);
}

// The roll call of the other chamber on a bill that a joint model takes for one with this; undefined if there is none.
async function twinOf(index, chamber, j) {
  const joint = chamber.fits.find((fit) => fit.items[j].startsWith("both:"));
  const other = Object.keys(index.chambers).find((name) => name !== chamber.name);
  if (!joint || !other) return undefined;
  const there = await storyChamber(index, other);
  return there.rollcall(there.fit(joint.name).items.indexOf(joint.items[j]));
}

// The place of an id, which may lack its chamber, or be that of a bill that both chambers share.
function placeIn(chamber, kind, id) {
  const ids = kind === "member" ? chamber.members.id : chamber.rollcalls.id;
  const places = [ids.indexOf(id), ids.indexOf(`${chamber.name}:${id}`)];
  if (kind === "rollcall") places.push(...chamber.fits.map((fit) => fit.items.indexOf(id)));
  return Math.max(...places);
}

const notFound = (title, text) => ({ title, parts: [element("p", { class: "missing" }, text)] });
const failed = (error) => notFound("This browser cannot show stories", String(error));

addEventListener("hashchange", route);
route().finally(() => (panel.dataset.ready = "yes"));
