// The strip: all members of a chamber on the axis, as a picture.

const STRIP = { dot: 4, line: 8.5, edge: 16, foot: 46 };

// `at` are positions, null for members who have none; `marked` is a member to point out, `cut` a place with its interval.
function strip(chamber, fit, label, { marked, cut } = {}) {
  const width = Math.min(680, Math.max(260, document.documentElement.clientWidth - 56));
  const places = fit.members, known = places.at.map((_, i) => i).filter((i) => places.at[i] !== null);
  const shown = known.map((i) => places.at[i]).concat(marked === undefined ? [] : [places.low[marked], places.high[marked]]);
  const scale = scaleOf(Math.min(...shown), Math.max(...shown), width);
  const stacks = stacked(known, (i) => scale.at(places.at[i]));
  const base = STRIP.line * (1 + Math.max(...stacks.map(([, , level]) => level))) + 22;
  const dots = stacks.toSorted(([a], [b]) => (a === marked) - (b === marked)).map(([i, x, level]) => dotOf(chamber.member(i), x, base - STRIP.line * (level + 0.6), i === marked, places.at[i]));
  const over = marked === undefined ? [] : intervalOf(scale, places, marked, base);
  const line = cut ? cutOf(scale, cut, base) : [];
  const size = { viewBox: `0 0 ${width} ${base + STRIP.foot}`, width, height: base + STRIP.foot };
  return drawn("svg", { class: "strip", role: "img", "aria-label": label, ...size }, ...axisOf(scale, base), ...line, ...dots, ...over);
}

// A linear scale with round ticks.
function scaleOf(low, high, width) {
  const span = high - low || 1;
  const at = (value) => STRIP.edge + ((value - low) / span) * (width - 2 * STRIP.edge);
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].find((size) => span / size <= width / 70) ?? span;
  const first = Math.ceil(low / step) * step;
  const ticks = Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, k) => first + k * step);
  return { low, high, at, ticks, digits: step < 1 ? 1 : 0, width };
}

// Dots from left to right on the lowest level that is free: [member, x, level].
function stacked(members, placeOf) {
  const ends = [];
  return members.toSorted((a, b) => placeOf(a) - placeOf(b)).map((i) => {
    const x = placeOf(i);
    const free = ends.findIndex((end) => end <= x);
    const level = free < 0 ? ends.length : free;
    ends[level] = x + 2 * STRIP.dot + 0.5;
    return [i, x, level];
  });
}

function dotOf(member, x, y, marked, at) {
  const size = STRIP.dot * (marked ? 1.5 : 1);
  const shapes = {
    Democrat: () => drawn("circle", { cx: x, cy: y, r: size }),
    Republican: () => drawn("path", { d: `M${x} ${y - size * 1.25}L${x + size * 1.25} ${y}L${x} ${y + size * 1.25}L${x - size * 1.25} ${y}Z` }),
  };
  const other = () => drawn("path", { d: `M${x} ${y - size * 1.2}L${x + size * 1.1} ${y + size}H${x - size * 1.1}Z` });
  const shape = (shapes[member.party] ?? other)();
  const group = drawn("g", { class: `${partyLook(member.party)[0]}${marked ? " marked" : ""}` });
  group.append(drawn("title", {}, `${member.name} (${partyLook(member.party)[2]}): ${placeWords(at)}`), shape);
  return group;
}

function axisOf(scale, base) {
  const text = (x, y, anchor, words) => drawn("text", { x, y, "text-anchor": anchor }, words);
  const number = (value) => value.toFixed(scale.digits).replace("-", "−").replace(/^−(0(\.0*)?)$/, "$1");
  return [
    drawn("path", { class: "axis", d: `M${STRIP.edge} ${base}H${scale.width - STRIP.edge}` }),
    ...scale.ticks.flatMap((tick) => [
      drawn("path", { class: "axis", d: `M${scale.at(tick)} ${base}v5` }),
      text(scale.at(tick), base + 18, "middle", number(tick)),
    ]),
    text(STRIP.edge, base + 38, "start", "← left"),
    text(scale.width - STRIP.edge, base + 38, "end", "right →"),
  ];
}

// The interval of a member, on the axis.
function intervalOf(scale, places, i, base) {
  const [low, high] = [places.low[i], places.high[i]].map(scale.at);
  return [drawn("path", { class: "interval", d: `M${low} ${base - 4}v8M${low} ${base}H${high}M${high} ${base - 4}v8` })];
}

// A cutting point with its interval, as far as they are on the strip.
function cutOf(scale, { cut, low, high }, base) {
  const clipped = (value) => scale.at(Math.min(scale.high, Math.max(scale.low, value)));
  const [left, right] = [clipped(low), clipped(high)];
  const band = drawn("rect", { class: "band", x: left, y: 4, width: Math.max(1, right - left), height: base - 4 });
  const inside = cut >= scale.low && cut <= scale.high;
  return [band, ...(inside ? [drawn("path", { class: "cut", d: `M${scale.at(cut)} 4V${base}` })] : [])];
}
