// What is done only when the reader comes near: scrolls there, or unfolds what is around it.
const waiting = new WeakMap();
const near = new IntersectionObserver((seen) => {
  for (const { target } of seen.filter((entry) => entry.isIntersecting)) {
    near.unobserve(target);
    waiting.get(target)(target);
  }
}, { rootMargin: "600px" });

function whenNear(node, act) {
  waiting.set(node, act);
  near.observe(node);
}
