// Building of elements: text only ever becomes a text node, so that a name that looks like markup stays a name.

// element("p", {class: "aside"}, "Voted ", element("b", {}, "Yea"))
function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

// The same for the elements of a picture.
function drawn(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children); // strings become text nodes
  return node;
}
