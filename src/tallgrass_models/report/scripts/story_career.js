// A member's story on the page over time: the position in every session.

function careerStory(careers, id) {
  const member = careers.members[id];
  if (!member) return notFound("Not found", `No member with the id “${id}” is in a chamber whose sessions are on one scale.`);
  const { name, chamber, terms } = member;
  const { low, high } = careers.scales[chamber];
  const columns = [
    { title: "Session", cell: ([session]) => bdi(careers.sessions[session]) },
    { title: "Position", look: "number", cell: ([, , at]) => placeWords(at) },
    { title: "90\u00a0% interval", look: "number", cell: ([, , , from, to]) => `${placeWords(from)} to ${placeWords(to)}` },
    { title: "From left to right", look: "wide", cell: ([, party, at, from, to]) => careerBar(low, high, party, at, from, to) },
    { title: "Party", cell: ([, party]) => partyMark(party) },
  ];
  const sat = [...new Set(terms.map(([, , , , , where]) => where))]; // in both where the two have one scale
  if (sat.length > 1) columns.splice(1, 0, { title: "Chamber", cell: ([, , , , , where]) => bdi(where) });
  const sessions = new Set(terms.map(([session]) => session)).size;
  return {
    title: name,
    parts: [
      element("p", { class: "facts" }, bdi(sat.join(" and ")), " · ", plural(sessions, "session")),
      ...storyTable("story-career", `Position in ${plural(sessions, "session")}: ${careers.scales[chamber].words}`, columns, terms),
      element("p", { class: "aside" }, `From “${document.title}”.`),
    ],
  };
}

// The interval on a line from the leftmost to the rightmost member of all sessions.
function careerBar(low, high, party, at, from, to) {
  const x = (value) => 6 + (228 * (value - low)) / Math.max(1e-9, high - low);
  return drawn("svg", { class: `strip ranks ${partyLook(party)[0]}`, "aria-hidden": "true", viewBox: "0 0 240 16", width: 240, height: 16 },
    drawn("path", { class: "axis", d: "M6 8H234" }),
    drawn("path", { class: "interval", d: `M${x(from)} 8H${x(to)}` }),
    drawn("circle", { cx: x(at), cy: 8, r: 4 }));
}
