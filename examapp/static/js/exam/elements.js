// Small pieces of the page that several modules make.

// A sentence of the page with its {values} filled in.
export function fill(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "usa-icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

// A copy of what stands in <template id="…-template">.
export function copyOf(name) {
  return document.getElementById(`${name}-template`).content.cloneNode(true);
}

// The code of the item that a control belongs to.
export function itemOf(control) {
  return control.closest("[data-item]")?.dataset.item;
}
