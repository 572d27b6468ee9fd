// A roll call's story.

const CERTAIN = 0.95, NAMES_SHOWN = 12;

function rollcallStory(chamber, j, fit, twin) {
  const rollcall = chamber.rollcall(j);
  return {
    title: rollcall.name,
    parts: [
      ...whatWas(chamber, rollcall),
      ...(twin ? [twinPart(twin)] : []),
      ...tallyParts(chamber, j),
      ...fitChoice(chamber, fit),
      ...(fit.why ? [withheldPart(fit)] : cutParts(chamber, j, fit)),
      ...deviationParts(chamber, j, fit),
      ...everyVote(chamber, j, fit),
      sourcePart(fit),
    ],
  };
}

function whatWas(chamber, { title, motion, date }) {
  const said = [...new Set([title.replace(/\.$/, ""), motion].filter(Boolean))].map((text) => element("p", { class: "about" }, bdi(text)));
  return [...said, element("p", { class: "facts" }, [chamber.title, dayWords(date)].filter(Boolean).join(" · "))];
}

function twinPart(twin) {
  const link = element("a", { href: twin.link }, "roll call of the other chamber");
  return element("p", {}, "The joint model takes it and the ", link, dayWords(twin.date) ? ` on ${dayWords(twin.date)}` : "", " for votes on one bill.");
}

function tallyParts(chamber, j) {
  const parties = [...new Set(chamber.members.party)];
  const order = ["Democrat", "Republican", ...parties].filter((party, k, all) => parties.includes(party) && all.indexOf(party) === k);
  const count = (party, vote) => [...chamber.votes[j]].filter((cast, i) => cast === vote && (!party || chamber.members.party[i] === party)).length;
  const number = (title, vote) => ({ title, look: "number", cell: ({ party }) => counted(count(party, vote)) });
  const columns = [
    { title: "Party", cell: ({ party }) => (party ? partyMark(party) : "All") },
    number("Yea", "1"), number("Nay", "0"), number("Absent", "-"),
  ];
  const rows = [...order.map((party) => ({ party })), { party: "" }];
  return storyTable("story-tally", "Votes of the members in the fits; absent is who sat and cast neither Yea nor Nay", columns, rows);
}

function cutParts(chamber, j, fit) {
  const at = Object.fromEntries(Object.entries(fit.rollcalls).map(([key, column]) => [key, column[j]]));
  const known = at.yea_right >= CERTAIN || at.yea_right <= 1 - CERTAIN;
  const right = at.yea_right > 0.5 ? "Yea" : "Nay", left = right === "Yea" ? "Nay" : "Yea";
  const interval = `90\u00a0% interval ${placeWords(at.cut_low)} to ${placeWords(at.cut_high)}`;
  const inside = known && at.beyond_left < CERTAIN && at.beyond_right < CERTAIN;
  const said = !known ? undetermined(at)
    : !inside ? beyond(at, at.beyond_left >= CERTAIN ? "left" : "right", at.beyond_left >= CERTAIN ? right : left)
    : `Yea and Nay are equally likely at position ${placeWords(at.cut)} (${interval}). Right of it ${right} is more likely, left of it ${left}.${partlyBeyond(at)}`;
  const picture = strip(chamber, fit, `All members from left to right. ${said}`, inside ? { cut: { cut: at.cut, low: at.cut_low, high: at.cut_high } } : {});
  return [
    element("h3", {}, "Where it divides the chamber"),
    element("p", { class: "answer" }, said),
    element("figure", {}, picture, element("figcaption", {}, (inside ? bandWords(fit, at.cut) : "") + fit.scale)),
  ];
}

function bandWords({ members }, cut) {
  const known = members.at.filter((place) => place !== null);
  const drawn = cut >= Math.min(...known) && cut <= Math.max(...known);
  return drawn ? "The line is the cutting point, the band its 90 % interval. " : "The band is the 90 % interval of the cutting point, which lies beyond it. ";
}

function undetermined({ yea_right }) {
  const percent = Math.round(100 * yea_right);
  return `The votes leave open whether Yea is the side of the left or of the right (probability of the right ${percent}\u00a0%). So there is no cutting point.`;
}

function beyond({ beyond_left, beyond_right }, side, vote) {
  const percent = Math.floor(100 * Math.max(beyond_left, beyond_right));
  return `The cutting point lies ${side} of every member (probability ${percent < 99 ? percent : "at least 99"}\u00a0%). The model thinks ${vote} more likely for all of them.`;
}

function partlyBeyond({ beyond_left, beyond_right }) {
  const [side, share] = beyond_left > beyond_right ? ["left", beyond_left] : ["right", beyond_right];
  return share >= 0.05 ? ` The probability that this place is ${side} of every member is ${Math.round(100 * share)}\u00a0%.` : "";
}

// Who voted against most of the own party, and who against the model.
function deviationParts(chamber, j, fit) {
  const everybody = chamber.members.id.map((_, i) => i);
  const chance = (i) => fit.chance(i, j, chamber.vote(i, j));
  const surprise = (a, b) => (chance(a) ?? 0) - (chance(b) ?? 0) || a - b;
  const against = everybody.filter((i) => chamber.againstSide(i, j)).toSorted(surprise);
  const unlikely = everybody.filter((i) => chance(i) < 50).toSorted(surprise);
  const named = (i) => element("span", {}, memberLink(chamber.member(i), fit), ` (${partyLook(chamber.members.party[i])[2]})`);
  const names = (some) => joined([...some.slice(0, NAMES_SHOWN).map(named), ...more(some.length - NAMES_SHOWN)]);
  const line = (title, some) =>
    element("p", {}, element("b", {}, `${title}: `), ...(some.length ? [`${counted(some.length)}: `, ...names(some)] : ["nobody"]), ".");
  return [
    element("h3", {}, "Who deviated"),
    line("Against most of their own party", against),
    ...(fit.why ? [] : [line("Against the model, which thought their vote less likely than the other", unlikely)]),
  ];
}

const more = (n) => (n > 0 ? [`${counted(n)} more, all in the table below`] : []);

function everyVote(chamber, j, fit) {
  const rows = chamber.members.id.map((_, i) => chamber.member(i)).filter(({ i }) => chamber.vote(i, j) !== ".");
  const vote = ({ i }) => chamber.vote(i, j), chance = (row) => fit.chance(row.i, j, vote(row));
  const likelihood = (row) => (isVote(vote(row)) ? percentWords(chance(row)) : `Yea ${percentWords(fit.yeaChance(row.i, j))}`);
  const likely = { title: "Probability of that vote", look: "number", cell: likelihood, key: chance };
  const columns = [
    { title: "Member", cell: (row) => memberLink(row, fit), key: (row) => row.name },
    { title: "Vote", cell: (row) => VOTE_WORDS[vote(row)], key: (row) => VOTE_WORDS[vote(row)] },
    ...(fit.why ? [] : [likely]),
    { title: "Party", cell: (row) => partyMark(row.party), key: (row) => row.party },
  ];
  const ordered = fit.why ? rows : rows.toSorted((a, b) => compared(chance(a) ?? "", chance(b) ?? ""));
  const caption = "How every member voted" + (fit.why ? "" : ", least expected first; at the end, what was to be expected of those absent");
  return [
    element("h3", {}, "Every vote"),
    ...(fit.why ? [] : [element("p", {}, SEEN)]),
    ...storyTable("story-votes", caption, columns, ordered, { sorted: fit.why ? undefined : likely }),
  ];
}
