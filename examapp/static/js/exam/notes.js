// Notes to oneself: a field below each question that opens by its button, and by itself when something is in it.

import { itemOf } from "./elements.js";

export class Notes {
  constructor(view, writing) {
    for (const screen of view.screens) {
      const { button, note, area } = partsOf(screen);
      area.id = `note-${itemOf(area)}`;
      note.querySelector("label").htmlFor = area.id;
      note.querySelector("p").id = `${area.id}-hint`;
      area.setAttribute("aria-describedby", `${area.id}-hint`);
      button.addEventListener("click", () => {
        open(screen, note.hidden);
        if (!note.hidden) area.focus();
      });
    }
    writing.addEventListener("filled", () => {
      for (const screen of view.screens) if (partsOf(screen).area.value) open(screen, true);
    });
  }
}

function partsOf(screen) {
  return { button: screen.querySelector("[data-note]"), note: screen.querySelector(".note"), area: screen.querySelector("[data-text=note]") };
}

function open(screen, opened) {
  const { button, note } = partsOf(screen);
  note.hidden = !opened;
  button.setAttribute("aria-expanded", opened);
}
