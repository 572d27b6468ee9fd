// Markers of pictures say whose they are: the nearest one to a pointer or a finger, or one after the other by arrow keys.
// A picture is one Tab stop. A ring goes to the marker and has the text, so that no marker needs an element of its own.
{
  const REACH = { mouse: 12, pen: 18, touch: 28 }; // CSS pixels from a marker within which it is meant
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const known = new WeakMap();

  // The markers of a picture from left to right; the first of its drawings, the wide one, holds the texts.
  const markersOf = (plot) => {
    if (!known.has(plot)) {
      const texts = [...plot.parentElement.querySelectorAll(".markers > desc")].map((d) => d.textContent.split("\n"));
      const markers = [...plot.querySelectorAll(".markers")].flatMap((group, g) =>
        [...group.querySelector("path").getAttribute("d").matchAll(/M(-?[\d.]+) (-?[\d.]+)/g)].map((at, k) =>
          ({ x: Number(at[1]), y: Number(at[2]), text: texts[g][k] })));
      known.set(plot, { markers: markers.sort((a, b) => a.x - b.x || a.y - b.y), at: -1, ring: null, tip: null });
    }
    return known.get(plot);
  };

  const ringOf = (plot, state) => {
    if (!state.ring) {
      state.ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      for (const [name, value] of Object.entries({ class: "cursor", r: "7", role: "img", tabindex: "-1" })) state.ring.setAttribute(name, value);
      plot.append(state.ring);
      state.tip = tippy(state.ring, { trigger: "manual", hideOnClick: false, aria: { content: null } });
    }
    return state.ring;
  };

  const show = (plot, state, at) => {
    const { x, y, text } = state.markers[at], ring = ringOf(plot, state);
    state.at = at;
    ring.setAttribute("cx", x);
    ring.setAttribute("cy", y);
    ring.setAttribute("aria-label", text);
    ring.style.display = "";
    state.tip.setContent(text);
    state.tip.show();
  };

  const hide = (state) => {
    if (!state.ring) return;
    state.tip.hide();
    state.ring.style.display = "none";
  };

  const nearest = (plot, state, event) => {
    const screen = plot.getScreenCTM();
    const here = new DOMPoint(event.clientX, event.clientY).matrixTransform(screen.inverse());
    let best = -1, least = (REACH[event.pointerType] ?? REACH.mouse) / screen.a;
    state.markers.forEach(({ x, y }, k) => {
      const far = Math.hypot(x - here.x, y - here.y);
      if (far < least) [best, least] = [k, far];
    });
    return best;
  };

  const plotOf = (event) => {
    const plot = event.target instanceof Element ? event.target.closest(".plot") : null;
    return plot && plot.querySelector(".markers") ? plot : null;
  };

  let pointed = null;
  const point = (event) => {
    const plot = plotOf(event);
    if (pointed && pointed !== plot && !pointed.contains(document.activeElement)) hide(markersOf(pointed));
    pointed = plot;
    if (!plot) return;
    const state = markersOf(plot), at = nearest(plot, state, event);
    if (at >= 0) show(plot, state, at);
    else if (!plot.contains(document.activeElement) || event.type === "pointerdown") hide(state);
  };
  document.addEventListener("pointermove", point);
  document.addEventListener("pointerdown", point);

  document.addEventListener("keydown", (event) => {
    const plot = plotOf(event);
    if (!plot || event.altKey || event.ctrlKey || event.metaKey) return;
    const state = markersOf(plot), last = state.markers.length - 1, tenth = Math.ceil(state.markers.length / 10);
    const to = event.key === "Home" ? 0 : event.key === "End" ? last
      : event.key === "PageDown" ? state.at + tenth : event.key === "PageUp" ? state.at - tenth
      : event.key in STEPS ? state.at + STEPS[event.key] : null;
    if (event.key === "Escape") {
      hide(state);
      plot.focus();
    }
    if (to === null) return;
    event.preventDefault();
    show(plot, state, Math.max(0, Math.min(last, to)));
    state.ring.focus({ preventScroll: false });
  });
  document.addEventListener("focusout", (event) => {
    const plot = plotOf(event);
    if (plot && !plot.contains(event.relatedTarget)) hide(markersOf(plot));
  });

  const ready = (part) => {
    for (const plot of part.querySelectorAll(".plot:has(.markers)")) {
      plot.setAttribute("tabindex", "0");
      plot.setAttribute("role", "application");
      plot.setAttribute("aria-label", `${plot.getAttribute("aria-label")} Arrow keys go from marker to marker.`);
    }
  };
  ready(document);
  document.addEventListener("drawn", (event) => ready(event.target)); // by pictures.js
}
