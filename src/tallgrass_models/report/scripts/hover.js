// Texts on hover: what a point of a picture says of itself, shown by tippy.
tippy.delegate("main", {
  target: ".bar :has(> title)",
  delay: [80, 0],
  onCreate(tip) {
    const title = tip.reference.querySelector(":scope > title");
    if (!title) return; // the element that delegates
    tip.setContent(title.textContent);
    title.remove();
  },
});
