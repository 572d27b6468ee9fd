// Pieces of stories: numbers in words, names with their party, tables.

const PARTY_LOOKS = { Democrat: ["dem", "●", "D"], Republican: ["rep", "◆", "R"] };
const VOTE_WORDS = { 1: "Yea", 0: "Nay", "-": "absent", ".": "not in office" };

const partyLook = (party) => PARTY_LOOKS[party] ?? ["minor", "▲", party];
const counted = (n) => n.toLocaleString("en-US");
const plural = (n, one, many = `${one}s`) => `${counted(n)} ${n === 1 ? one : many}`;
const dayWords = (date) =>
  date && new Date(`${date}T12:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

// "0.4 %", "37 %"; at the ends of what the data tell apart, a bound.
function percentWords(percent) {
  if (percent === undefined) return "–";
  if (percent === 0) return "under 0.1\u00a0%";
  if (percent === 100) return "over 99.9\u00a0%";
  return `${percent < 2.5 || percent > 97.5 ? percent.toFixed(1) : percent}\u00a0%`;
}

// A position, with its sign.
function placeWords(value) {
  const text = value.toFixed(2);
  return text.replace("-", Number(text) === 0 ? "" : "−").replace(/^(?=[1-9]|0\.\d*[1-9])/, "+");
}

const rankWords = (places, i) => `${Math.round(places.rank[i])} of ${places.n}`;

function rankInterval(places, i) {
  const [low, high] = [places.rank_low[i], places.rank_high[i]].map(Math.round);
  return low === high ? `${low} in at least 90\u00a0% of draws` : `90\u00a0% interval ${low} to ${high}`;
}

const bdi = (text) => element("bdi", {}, text);

function memberLink(member, fit) {
  return element("a", { href: member.link + (fit ? `&fit=${fit.name}` : "") }, bdi(member.name));
}

function rollcallLink(rollcall, fit) {
  return element("a", { href: rollcall.link + (fit ? `&fit=${fit.name}` : "") }, bdi(rollcall.name));
}

function partyMark(party) {
  const [look, sign] = partyLook(party);
  return element("span", { class: look }, element("span", { "aria-hidden": "true" }, sign), " ", bdi(party));
}

// A list of nodes as "a, b and c".
function joined(nodes) {
  return nodes.flatMap((node, k) => [k === 0 ? "" : k === nodes.length - 1 ? " and " : ", ", node]);
}

// A table with a caption; `columns` have a title, a cell and, if it can be sorted by them, a key of a row.
// Only `cut` rows are shown until the reader asks for all; `sorted` is the column it is sorted by at first.
function storyTable(id, caption, columns, rows, { cut = Infinity, sorted } = {}) {
  const body = element("tbody");
  const named = { "aria-labelledby": `${id}-caption` };
  const table = element("table", { id, ...named }, headOf(columns, sorted, sortBy), body);
  const box = element("div", { class: "scroll", role: "group", tabindex: "0", ...named }, table);
  const parts = [element("p", { id: `${id}-caption`, class: "caption" }, caption), box];
  let shown = rows;
  if (rows.length > cut + 2) parts.push(showAll(rows.length, () => fill(shown)));
  fill(shown.slice(0, rows.length > cut + 2 ? cut : undefined));
  return parts;

  function fill(some) {
    body.replaceChildren(...some.map((row) => rowOf(columns, row)));
  }

  function sortBy(column, down) {
    const key = (row) => column.key(row) ?? "";
    shown = rows.toSorted((a, b) => (down ? -1 : 1) * compared(key(a), key(b)));
    fill(shown);
    parts[2]?.remove();
  }
}

// Unknown values, which are texts, after numbers.
function compared(a, b) {
  return typeof a === typeof b ? (typeof a === "number" ? a - b : a.localeCompare(b)) : typeof a === "number" ? -1 : 1;
}

function rowOf(columns, row) {
  return element("tr", {}, ...columns.map(({ cell, look = "" }, k) =>
    element(k ? "td" : "th", k ? { class: look } : { scope: "row" }, ...[cell(row)].flat())));
}

function headOf(columns, sorted, sortBy) {
  const heads = columns.map((column) => {
    const head = element("th", { scope: "col", class: column.look ?? "" });
    if (!column.key) {
      head.append(column.title);
      return head;
    }
    const button = element("button", { type: "button", class: "sort" }, column.title);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sortBy(column, down);
    });
    head.append(button);
    if (column === sorted) head.setAttribute("aria-sort", "ascending");
    return head;
  });
  return element("thead", {}, element("tr", {}, ...heads));
}

function showAll(n, fill) {
  const button = element("button", { type: "button", class: "more" }, `Show all ${counted(n)}`);
  button.addEventListener("click", () => {
    button.previousElementSibling.focus();
    fill();
    button.remove();
  });
  return button;
}
