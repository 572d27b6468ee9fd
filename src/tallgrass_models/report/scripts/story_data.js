// What the stories are told from: chambers with their votes, and what each fit says of them.

// The index of the page's stories; null on a page that has none.
async function storyIndex() {
  return document.querySelector('script[data-block="stories"]') ? pageData("stories") : null;
}

// A chamber, with all fits that have it.
async function storyChamber(index, name) {
  const known = index.fits.filter((fit) => fit.chambers.includes(name));
  const [facts, ...said] = await Promise.all([`story-${name}`, ...known.map((fit) => `fit-${fit.name}`)].map(pageData));
  return new StoryChamber(index, name, facts, known.map((fit, k) => new StoryFit(index, name, fit, said[k])));
}

class StoryChamber {
  constructor(index, name, facts, fits) {
    Object.assign(this, { index, name, fits }, facts);
    this.majorities = new Map();
  }

  // The fit with that name, or the first.
  fit(name) {
    return this.fits.find((fit) => fit.name === name) ?? this.fits[0];
  }

  member(i) {
    const row = Object.fromEntries(Object.entries(this.members).map(([key, column]) => [key, column[i]]));
    return { ...row, i, link: storyLink("member", row.id) };
  }

  rollcall(j) {
    const { texts, ...columns } = this.rollcalls;
    const row = Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, column[j]]));
    const [, id] = row.id.split(/:(.*)/s);
    const title = texts[row.title];
    return { ...row, j, title, motion: texts[row.motion], name: row.bill || id, link: storyLink("rollcall", row.id) };
  }

  // "1" Yea, "0" Nay, "-" absent, "." not in office.
  vote(i, j) {
    return this.votes[j][i];
  }

  // How most members of a side voted: "1", "0", or "" if as many voted one way as the other.
  majority(side, j) {
    const key = `${side} ${j}`;
    if (!this.majorities.has(key)) {
      const own = [...this.votes[j]].filter((_, i) => this.members.side[i] === side);
      const [yea, nay] = ["1", "0"].map((vote) => own.filter((cast) => cast === vote).length);
      this.majorities.set(key, yea > nay ? "1" : nay > yea ? "0" : "");
    }
    return this.majorities.get(key);
  }

  // Whether a member of a side voted against the majority of it.
  againstSide(i, j) {
    const side = this.members.side[i], usual = side && this.majority(side, j);
    return isVote(this.vote(i, j)) && Boolean(usual) && usual !== this.vote(i, j);
  }
}

class StoryFit {
  constructor(index, chamber, { name, title }, said) {
    Object.assign(this, { name, title, order: said.order, names: said.names, rightOf: said.right_of, codes: codesOf(index) }, said.chambers[chamber]);
  }

  // Per cent for a Yea.
  yeaChance(i, j) {
    return this.codes.get(this.yea[j][i]);
  }

  // Per cent for the vote that was cast; undefined if the fit says nothing, or none was.
  chance(i, j, vote) {
    if (this.why || !isVote(vote)) return undefined;
    return vote === "1" ? this.yeaChance(i, j) : otherPercent(this.yeaChance(i, j));
  }

  // Per cent that one member stands right of another, by their ids; undefined if the fit does not have both.
  chanceRightOf(one, other) {
    const [a, b] = [one, other].map((id) => this.order.indexOf(id));
    if (a < 0 || b < 0 || a === b || !this.rightOf.length) return undefined;
    return a > b ? this.codes.get(this.rightOf[a][b]) : otherPercent(this.codes.get(this.rightOf[b][a]));
  }
}

function codesOf(index) {
  return (index.codes ??= new Map([...index.characters].map((character, k) => [character, index.percents[k]])));
}

const isVote = (vote) => vote === "1" || vote === "0";
const otherPercent = (percent) => Math.round(10 * (100 - percent)) / 10;
const storyLink = (kind, id, fit) => `#${kind}=${encodeURIComponent(id).replaceAll("%3A", ":")}${fit ? `&fit=${fit}` : ""}`;
