// The essays of Part Two: choices keep to k of n, what is written without being chosen stays, words are counted.

import { fill, itemOf } from "./elements.js";

const NEAR_LIMIT = 2000; // characters left when the page begins to count them

export class Essays {
  constructor(view, texts, writing) {
    this.view = view;
    this.texts = texts;
    this.areas = writing.areas.filter((area) => area.dataset.text === "answer" && area.closest("[data-choose]"));
    writing.addEventListener("typed", ({ detail: area }) => { if (this.areas.includes(area)) this.typed(area); });
    writing.addEventListener("filled", () => this.refresh());
    view.addEventListener("refreshed", () => this.refresh());
  }

  // Who writes about a vignette has chosen it, as long as another may be chosen.
  typed(area) {
    const screen = area.closest(".screen");
    if (!this.view.isChosen(screen) && !this.view.groupFull(screen)) this.view.report("choose", itemOf(area), "1");
    this.count(area);
  }

  refresh() {
    for (const area of this.areas) {
      this.count(area);
      this.refreshChoice(area, area.closest(".screen"));
    }
  }

  refreshChoice(area, screen) {
    const chosen = this.view.isChosen(screen);
    const full = this.view.groupFull(screen);
    area.readOnly = this.view.locked || (!chosen && full);
    const box = screen.querySelector("[data-choose-box]");
    if (!box) return;
    box.checked = chosen;
    box.disabled = this.view.locked || (!chosen && full);
    const count = this.view.screens.filter((other) => other.dataset.group === screen.dataset.group && this.view.isChosen(other)).length;
    const text = full && !chosen ? this.texts.chosenEnough : this.texts.chosenOf;
    screen.querySelector("[data-choose-count]").textContent = fill(text, { count, choose: screen.dataset.choose });
    screen.querySelector("[data-kept]").hidden = chosen || !area.value.trim();
  }

  count(area) {
    const words = area.value.trim() ? area.value.trim().split(/\s+/).length : 0;
    const screen = area.closest(".screen");
    const left = area.maxLength - area.value.length;
    screen.querySelector("[data-words]").textContent = fill(this.texts.words, { count: words });
    screen.querySelector("[data-characters]").textContent = left <= NEAR_LIMIT ? fill(this.texts.nearLimit, { count: left }) : "";
  }
}
