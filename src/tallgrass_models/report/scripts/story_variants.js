// A member's story on the comparison page: the rank under every variant.

function variantStory(variants, id) {
  const member = variants[id];
  if (!member) return notFound("Not found", `This page compares no rank of a member with the id “${id}”.`);
  const { name, party, session, fits } = member;
  return {
    title: name,
    parts: [
      element("p", { class: "facts" }, partyMark(party), " · ", bdi(session)),
      ...Object.entries(fits).flatMap(([title, fit], k) => [element("h3", {}, title), ...variantTable(`story-variants-${k}`, fit)]),
      element("p", { class: "aside" }, `From “${document.title}”. Only variants whose ranks can be compared are here.`),
    ],
  };
}

function variantTable(id, { n, ranks }) {
  const moved = ranks.filter(([, , , , overlaps]) => !overlaps).length;
  const caption = `Rank of ${n} from the left, in the reference and ${plural(ranks.length - 1, "variant")}; `
    + (moved ? `${counted(moved)} without overlap with the interval in the reference` : "all intervals overlap that in the reference");
  const columns = [
    { title: "Experiment", cell: ([experiment]) => [bdi(experiment), experiment === ranks[0][0] ? " (reference)" : ""] },
    { title: "Rank", look: "number", cell: ([, rank]) => String(Math.round(rank)) },
    { title: "90\u00a0% interval", look: "number", cell: ([, , low, high]) => `${Math.round(low)}–${Math.round(high)}` },
    { title: "From left to right", look: "wide", cell: ([, rank, low, high, overlaps]) => rankBar(n, rank, low, high, overlaps) },
  ];
  return storyTable(id, caption, columns, ranks);
}

// The interval on a line from the first to the last rank.
function rankBar(n, rank, low, high, overlaps) {
  const at = (value) => 6 + (228 * (value - 1)) / Math.max(1, n - 1);
  return drawn("svg", { class: `strip ranks${overlaps ? "" : " rep"}`, "aria-hidden": "true", viewBox: "0 0 240 16", width: 240, height: 16 },
    drawn("path", { class: "axis", d: "M6 8H234" }),
    drawn("path", { class: "interval", d: `M${at(low)} 8H${at(high)}` }),
    drawn("circle", { cx: at(rank), cy: 8, r: 4 }));
}
