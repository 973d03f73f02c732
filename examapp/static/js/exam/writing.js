// Texts being typed, essays and notes: typing becomes a change soon enough to be saved within two seconds.

import { itemOf } from "./elements.js";

const PAUSE = 800;
const LONGEST = 1500;

export class Writing extends EventTarget {
  constructor(view, answers) {
    super();
    this.view = view;
    this.answers = answers;
    this.areas = [...view.root.querySelectorAll("[data-text]")];
    this.typedSince = new Map(); // fields with text that is not a change yet
    for (const area of this.areas) {
      area.addEventListener("input", () => this.typed(area));
      area.addEventListener("blur", () => this.commit());
    }
  }

  // Whether something is on the page that is not a change yet.
  get pending() {
    return this.typedSince.size > 0;
  }

  // Puts the saved texts on the page; a text that is being typed stays.
  fill() {
    for (const area of this.areas) {
      if (!this.typedSince.has(area)) area.value = this.answers.value(area.dataset.text, itemOf(area));
    }
    this.dispatchEvent(new Event("filled"));
  }

  typed(area) {
    this.dispatchEvent(new CustomEvent("typed", { detail: area }));
    if (!this.typedSince.has(area)) this.typedSince.set(area, performance.now());
    this.view.dispatchEvent(new Event("typing"));
    const waited = performance.now() - this.typedSince.get(area);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.commit(), Math.min(PAUSE, Math.max(0, LONGEST - waited)));
  }

  // What was typed becomes a change now.
  commit() {
    clearTimeout(this.timer);
    const areas = [...this.typedSince.keys()];
    this.typedSince.clear();
    for (const area of areas) {
      const { text: kind } = area.dataset;
      const item = itemOf(area);
      if (area.value !== this.answers.value(kind, item)) this.view.report(kind, item, area.value);
      else this.view.dispatchEvent(new Event("untyped"));
    }
  }
}
