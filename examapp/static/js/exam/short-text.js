// Questions answered in a few typed words: near the end of the room for them it is said how much is left.

import { fill } from "./elements.js";

const NEAR_LIMIT = 20;

export class ShortTexts {
  constructor(view, texts, writing) {
    const fields = writing.areas.filter((field) => field.closest("[data-way=typed]") && field.dataset.text === "answer");
    const tell = (field) => {
      const left = field.maxLength - field.value.length;
      const near = field.closest(".screen").querySelector("[data-characters]");
      const told = left <= NEAR_LIMIT ? fill(texts.nearLimit, { count: left }) : "";
      if (near.textContent !== told) near.textContent = told; // what is written there is read aloud
    };
    writing.addEventListener("typed", ({ detail: field }) => { if (fields.includes(field)) tell(field); });
    view.addEventListener("refreshed", () => fields.forEach(tell));
  }
}
