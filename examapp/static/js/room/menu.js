// What may be done for one candidate. The entries come into the row's menu when it is opened, and suit the state.

export function linksFor(root, seat) {
  for (const place of root.querySelectorAll("[data-name]")) place.textContent = ` ${seat.name}`;
  for (const link of root.querySelectorAll("[data-href]")) link.href = link.dataset.href.replace("CODE", seat.code);
}

export function suits(element, seat) {
  const states = element.dataset.states;
  return !states || states.split(" ").includes(seat.state);
}

export function fillMenu(menu, seat) {
  const deeds = document.getElementById("deeds").content.cloneNode(true);
  for (const deed of [...deeds.children]) if (!suits(deed, seat)) deed.remove();
  linksFor(deeds, seat);
  menu.querySelector("ul").replaceChildren(deeds);
}

// Escape, or a click elsewhere.
export function closeMenus(event) {
  for (const menu of document.querySelectorAll(".row-menu[open]")) {
    const escaped = event.type === "keydown" && event.key === "Escape";
    if (!escaped && (event.type !== "click" || menu.contains(event.target))) continue;
    menu.open = false;
    if (escaped) menu.querySelector("summary").focus();
  }
}
