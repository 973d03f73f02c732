// Before handing in: what is unanswered, flagged, noted, or written and not chosen, with the way to each.

import { element, fill } from "./elements.js";

export class Review {
  constructor(view, texts, answers) {
    this.view = view;
    this.texts = texts;
    this.answers = answers;
    view.addEventListener("refreshed", () => this.refresh());
  }

  summary() {
    const { expected } = this.view.root.dataset;
    return fill(this.texts.summary, { answered: this.view.answeredCount(), expected });
  }

  // [title, screens], as far as there are any.
  lists() {
    const { screens } = this.view;
    return [
      [this.texts.missing, screens.filter((screen) => this.isMissing(screen))],
      this.partlyAnswered(),
      [this.texts.unchosenTitle, screens.filter((screen) => this.view.isWritten(screen) && !this.view.isAnswered(screen))],
      [this.texts.flaggedTitle, screens.filter((screen) => this.view.isFlagged(screen))],
      [this.texts.notedTitle, screens.filter((screen) => this.answers.value("note", screen.dataset.item))],
    ].filter((list) => list[1].length);
  }

  partlyAnswered() {
    const screens = this.view.screens.filter((screen) => this.view.partly(screen));
    return [screens.length ? this.view.partly(screens[0]).partlyTitle : "", screens];
  }

  // Still to be answered: of vignettes, those chosen, and each of a group that lacks a choice.
  isMissing(screen) {
    const wanted = !screen.dataset.title || this.view.isChosen(screen) || !this.view.groupFull(screen);
    return wanted && !this.view.isWritten(screen);
  }

  refresh() {
    this.view.root.querySelector("#review-summary").textContent = this.summary();
    this.view.root.querySelector("#review-lists").replaceChildren(
      ...this.lists().flatMap(([title, screens]) => [
        element("h3", { textContent: title }),
        element("ul", { className: "review-list" }, ...screens.map((screen) => element("li", {}, this.wayTo(screen)))),
      ]),
    );
  }

  wayTo(screen) {
    const way = element("button", { type: "button", className: "usa-button usa-button--outline" });
    way.append(this.named([screen], this.view.nameOf(screen)));
    way.addEventListener("click", () => this.view.show(this.view.screens.indexOf(screen)));
    return way;
  }

  // What to know before handing in, each in one line; `more` lists of the same shape come last.
  lines(more) {
    const lists = this.lists().filter(([title]) => title !== this.texts.notedTitle);
    return [...lists, ...more].filter((list) => list[1].length).map(([title, screens]) => [`${title}: `, this.named(screens, this.namesOf(screens))]);
  }

  // The names of screens; titles of vignettes are in the language of the exam.
  named(screens, textContent) {
    const titles = screens.some((screen) => screen.dataset.title);
    return element("span", titles ? { lang: this.view.root.dataset.language, textContent } : { textContent });
  }

  // Several screens in few words: the titles of vignettes, the numbers of questions with runs drawn together.
  namesOf(screens) {
    if (screens.some((screen) => screen.dataset.title)) return screens.map((screen) => this.view.nameOf(screen)).join(", ");
    const runs = [];
    for (const number of screens.map((screen) => this.view.screens.indexOf(screen) + 1)) {
      if (runs.length && runs.at(-1).last === number - 1) runs.at(-1).last = number;
      else runs.push({ first: number, last: number });
    }
    return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
  }
}
