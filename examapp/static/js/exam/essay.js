// Writing an essay: typing becomes a change within two seconds, words are counted, and choices keep to k of n.

import { fill, itemOf } from "./view.js";

const PAUSE = 800;
const LONGEST = 2000;
const NEAR_LIMIT = 2000; // characters left when the page begins to count them

export class Essays {
  constructor(view, texts, answers) {
    this.view = view;
    this.texts = texts;
    this.answers = answers;
    this.areas = [...view.root.querySelectorAll("[data-essay]")];
    this.typedSince = new Map(); // fields with text that is not a change yet
    for (const area of this.areas) {
      area.addEventListener("input", () => this.typed(area));
      area.addEventListener("blur", () => this.commit());
    }
    view.addEventListener("locked", () => this.refresh());
  }

  // Puts the saved texts on the page; a text that is being typed stays.
  fill() {
    for (const area of this.areas) {
      if (!this.typedSince.has(area)) area.value = this.answers.value("answer", itemOf(area));
    }
    this.refresh();
  }

  typed(area) {
    this.chooseByWriting(area);
    if (!this.typedSince.has(area)) this.typedSince.set(area, performance.now());
    this.view.dispatchEvent(new Event("typing"));
    const waited = performance.now() - this.typedSince.get(area);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.commit(), Math.min(PAUSE, Math.max(0, LONGEST - waited)));
    this.count(area);
  }

  // What was typed becomes a change now.
  commit() {
    clearTimeout(this.timer);
    const areas = [...this.typedSince.keys()];
    this.typedSince.clear();
    for (const area of areas) {
      const item = itemOf(area);
      if (area.value !== this.answers.value("answer", item)) this.view.report("answer", item, area.value);
      else this.view.dispatchEvent(new Event("untyped"));
    }
  }

  // Who writes about a vignette has chosen it, as long as another may be chosen.
  chooseByWriting(area) {
    const screen = area.closest(".screen");
    if (!this.view.isChosen(screen) && !this.view.groupFull(screen)) this.view.report("choose", itemOf(area), "1");
  }

  refresh() {
    for (const area of this.areas) {
      const screen = area.closest(".screen");
      const chosen = this.view.isChosen(screen);
      const full = this.view.groupFull(screen);
      area.readOnly = this.view.locked || (!chosen && full);
      this.count(area);
      const box = screen.querySelector("[data-choose-box]");
      if (!box) continue;
      box.checked = chosen;
      box.disabled = this.view.locked || (!chosen && full);
      const group = this.areas.filter((other) => other.closest(".screen").dataset.group === screen.dataset.group);
      const count = group.filter((other) => this.view.isChosen(other.closest(".screen"))).length;
      const text = full && !chosen ? this.texts.chosenEnough : this.texts.chosenOf;
      screen.querySelector("[data-choose-count]").textContent = fill(text, { count, choose: screen.dataset.choose });
    }
  }

  count(area) {
    const words = area.value.trim() ? area.value.trim().split(/\s+/).length : 0;
    const screen = area.closest(".screen");
    const left = area.maxLength - area.value.length;
    screen.querySelector("[data-words]").textContent = fill(this.texts.words, { count: words });
    screen.querySelector("[data-characters]").textContent = left <= NEAR_LIMIT ? fill(this.texts.nearLimit, { count: left }) : "";
  }
}
