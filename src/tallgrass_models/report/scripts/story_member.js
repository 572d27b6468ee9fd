// A member's story.

const VOTES_SHOWN = 6, NEIGHBOURS = 6;
const SEEN = "The model has seen these votes. So a probability says how well a vote fits all others, and is no forecast.";

function memberStory(chamber, i, fit) {
  const member = chamber.member(i);
  return {
    title: member.name,
    parts: [
      whoIs(chamber, member),
      ...fitChoice(chamber, fit),
      ...(fit.why ? [withheldPart(fit)] : placeParts(chamber, member, fit)),
      ...loyaltyParts(chamber, member, fit),
      ...(fit.why ? [] : surpriseParts(chamber, member, fit)),
      ...(fit.why ? [] : neighbourParts(chamber, member, fit)),
      ...otherFitParts(chamber, member),
      sourcePart(fit),
    ],
  };
}

function whoIs(chamber, member) {
  const facts = [
    ...(member.side && member.side !== member.party ? [`counted with the ${member.side}s`] : []),
    ...[member.place, member.story].filter(Boolean).map(bdi),
    ...(member.days && !member.story ? [`votes from ${dayWords(member.days[0])} to ${dayWords(member.days[1])}`] : []),
    plural(member.cast, "Yea or Nay", "Yeas and Nays"),
  ];
  return element("p", { class: "facts" }, partyMark(member.party), ", ", chamber.title, ...facts.flatMap((fact) => [" · ", fact]));
}

// Which fit the panel tells of, if there are several.
function fitChoice(chamber, fit) {
  if (chamber.fits.length < 2) return [];
  const choice = element("select", { id: "story-fit" },
    ...chamber.fits.map((one) => element("option", { value: one.name, ...(one === fit ? { selected: "" } : {}) }, one.title)));
  choice.addEventListener("change", () => chooseFit(choice.value));
  return [element("p", {}, element("label", { for: "story-fit" }, "Positions and probabilities from the model of "), choice)];
}

// What the story is from, for whoever has it on paper.
function sourcePart(fit) {
  return element("p", { class: "aside" }, `From “${document.title}”, the model of ${fit.title}.`);
}

function withheldPart(fit) {
  return element("p", { class: "missing" }, `What this fit says of positions and votes is withheld: ${fit.why}.`);
}

function placeParts(chamber, member, fit) {
  const { i } = member, places = fit.members;
  if (places.at[i] === null) return [element("p", { class: "missing" }, "This member is not in this fit.")];
  const interval = `90\u00a0% interval ${placeWords(places.low[i])} to ${placeWords(places.high[i])}`;
  const words = `${member.name}: ${placeWords(places.at[i])}, ${interval}, among ${places.n} members from left to right`;
  return [
    element("p", { class: "answer" }, "Rank ", element("b", {}, rankWords(places, i)), ` from the left (${rankInterval(places, i)}).`),
    element("figure", {}, strip(chamber, fit, words, { marked: i }),
      element("figcaption", {}, `Position ${placeWords(places.at[i])}, ${interval}. ${fit.scale}`)),
  ];
}

function loyaltyParts(chamber, member, fit) {
  const heading = element("h3", {}, "With and against the party");
  if (!member.side) return [heading, element("p", {}, "This member is counted with neither party.")];
  const against = chamber.rollcalls.id.map((_, j) => j).filter((j) => chamber.againstSide(member.i, j));
  const usual = chamber.rollcalls.id.filter((_, j) => isVote(chamber.vote(member.i, j)) && chamber.majority(member.side, j)).length;
  const caption = against.length
    ? `Against most ${member.side}s on ${counted(against.length)} of ${plural(usual, "vote")}` + (fit.why ? "" : ", least expected first")
    : `Never against most ${member.side}s, on ${plural(usual, "vote")}`;
  return [
    heading,
    ...unityParts(chamber, member),
    ...(against.length ? voteTable("story-against", caption, chamber, member, fit, against) : [element("p", {}, `${caption}.`)]),
  ];
}

function unityParts(chamber, { unity, unity_low, unity_high, side }) {
  if (unity === null) return [];
  const share = (value) => `${(100 * value).toFixed(1)}\u00a0%`;
  const typical = `The median ${side} is at ${share(chamber.unity[side])}, the median of all members at ${share(chamber.unity.all)}.`;
  const expected = unity_low === null ? "" : ` The model of this chamber expects ${share(unity_low)} to ${share(unity_high)}.`;
  return [
    element("p", {}, "Where most Democrats and most Republicans opposed each other, this member voted with most ", `${side}s on `,
      element("b", {}, share(unity)), ` of votes. ${typical}${expected}`),
  ];
}

function surpriseParts(chamber, member, fit) {
  const { i } = member;
  const voted = chamber.rollcalls.id.map((_, j) => j).filter((j) => isVote(chamber.vote(i, j)));
  const chances = new Map(voted.map((j) => [j, fit.chance(i, j, chamber.vote(i, j))]));
  const against = voted.filter((j) => chances.get(j) < 50);
  const expected = voted.reduce((sum, j) => sum + Math.min(chances.get(j), 100 - chances.get(j)) / 100, 0);
  const count = `on ${counted(against.length)} of ${plural(voted.length, "vote")}, where the model itself expects about ${counted(Math.round(expected))}`;
  return [
    element("h3", {}, "Against the model"),
    element("p", {}, `This member cast the vote that the model thought less likely ${count}. ${SEEN}`),
    ...(against.length ? voteTable("story-surprise", "Votes that the model thought less likely, least expected first", chamber, member, fit, against) : []),
  ];
}

// Votes of a member, the least expected first; without a fit to expect any, in order of time.
function voteTable(id, caption, chamber, member, fit, which) {
  const chance = (j) => fit.chance(member.i, j, chamber.vote(member.i, j)) ?? 0;
  const rows = which.toSorted((a, b) => chance(a) - chance(b) || a - b).map((j) => chamber.rollcall(j));
  const vote = (row) => chamber.vote(member.i, row.j);
  const likely = { title: "Probability of that vote", look: "number", cell: (row) => percentWords(chance(row.j)), key: (row) => chance(row.j) };
  const columns = [
    { title: "Roll call", cell: (row) => rollcallLink(row, fit), key: (row) => row.name },
    { title: "Vote", cell: (row) => VOTE_WORDS[vote(row)], key: vote },
    ...(fit.why ? [] : [likely]),
    { title: "What it was about", look: "wide", cell: aboutWords },
    { title: "Date", look: "day", cell: (row) => dayWords(row.date), key: (row) => row.date },
  ];
  return storyTable(id, caption, columns, rows, { cut: VOTES_SHOWN, sorted: fit.why ? undefined : likely });
}

// Title and motion of a roll call, as far as they are known and differ.
function aboutWords({ title, motion }) {
  const said = [...new Set([title.replace(/\.$/, ""), motion].filter(Boolean))];
  return said.flatMap((text, k) => [k ? "; " : "", bdi(text)]);
}

function neighbourParts(chamber, member, fit) {
  const { i, id } = member, { at } = fit.members;
  if (at[i] === null) return [];
  const gap = (k) => Math.abs(at[k] - at[i]);
  const near = at.map((_, k) => k).filter((k) => k !== i && at[k] !== null).toSorted((a, b) => gap(a) - gap(b) || a - b).slice(0, NEIGHBOURS);
  const columns = [
    { title: "Member", cell: (row) => memberLink(row, fit), key: (row) => row.name },
    { title: "Party", cell: (row) => partyMark(row.party), key: (row) => row.party },
    { title: "Position", look: "number", cell: (row) => placeWords(at[row.i]), key: (row) => at[row.i] },
    { title: "P(right of this member)", look: "number", cell: (row) => percentWords(fit.chanceRightOf(row.id, id)), key: (row) => fit.chanceRightOf(row.id, id) },
  ];
  return [
    element("h3", {}, "Nearest colleagues"),
    ...storyTable("story-near", "By distance of the positions", columns, near.map((k) => chamber.member(k))),
    ...compareParts(member, fit),
  ];
}

// Who of two stands further right: the other one is searched by name.
function compareParts(member, fit) {
  if (!fit.rightOf.length) return [];
  const ids = new Map(fit.order.map((id, k) => [fit.names[k], id]).filter(([, id]) => id !== member.id));
  const box = element("input", { id: "story-other", type: "search", list: "story-others", autocomplete: "off" });
  const answer = element("output", { for: "story-other" });
  box.addEventListener("input", () => {
    const id = ids.get(box.value);
    answer.textContent = id
      ? `The probability that ${member.name} stands right of ${box.value} is ${percentWords(fit.chanceRightOf(member.id, id))}.`
      : "";
  });
  return [
    element("h3", {}, "Right of whom?"),
    element("p", {}, element("label", { for: "story-other" }, "Compare with "), box),
    element("datalist", { id: "story-others" }, ...[...ids.keys()].map((name) => element("option", { value: name }))),
    element("p", { "aria-live": "polite" }, answer),
  ];
}

function otherFitParts(chamber, { i }) {
  const told = chamber.fits.flatMap((fit) => [
    { title: `Here, ${fit.title}`, places: fit.members, why: fit.why },
    ...(fit.compared?.at ? [{ title: [bdi(chamber.index.compared), `, ${fit.title}`], places: fit.compared }] : []),
  ]);
  if (told.length < 2) return [];
  const words = (row, some) => (row.why || row.places.at[i] === null ? "–" : some(row.places));
  const columns = [
    { title: "Fit", cell: (row) => row.title },
    { title: "Rank", look: "number", cell: (row) => words(row, (places) => rankWords(places, i)) },
    { title: "90 % interval", look: "number", cell: (row) => words(row, (places) => `${Math.round(places.rank_low[i])}–${Math.round(places.rank_high[i])}`) },
    { title: "Position", look: "number", cell: (row) => words(row, (places) => placeWords(places.at[i])) },
  ];
  const reasons = [...new Set(told.filter((row) => row.why).map((row) => row.why))];
  return [
    element("h3", {}, "In other fits"),
    ...storyTable("story-fits", "Each fit has a scale of its own, so compare ranks", columns, told),
    ...reasons.map((why) => element("p", { class: "aside" }, `Where there is no rank, it is withheld: ${why}.`)),
  ];
}
