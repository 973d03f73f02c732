// The map: every question or vignette with how it stands, in a picture and in words, and the way to each.

import { element, fill, icon } from "./elements.js";

const NARROW = "(max-width: 63.99em)";

export class QuestionMap {
  constructor(view, texts) {
    this.view = view;
    this.texts = texts;
    this.nav = view.root.querySelector("#map");
    this.fold = this.nav.querySelector("details");
    this.count = this.nav.querySelector("#map-count");
    this.marks = view.screens.map((_screen, index) => {
      const button = element("button", { type: "button" });
      button.addEventListener("click", () => view.show(index));
      this.nav.querySelector("#map-list").append(element("li", {}, button));
      return button;
    });
    // Vignettes are listed above the first one: on a narrow screen the list opens when it is asked for.
    if (view.root.dataset.kind === "essay") this.fold.open = !matchMedia(NARROW).matches;
    view.root.querySelectorAll("a[href='#map']").forEach((link) => link.addEventListener("click", () => { this.fold.open = true; }));
    view.addEventListener("refreshed", () => this.refresh());
  }

  goThere() {
    this.fold.open = true;
    this.nav.focus();
  }

  refresh() {
    const { expected } = this.view.root.dataset;
    this.count.textContent = fill(this.texts.answeredOf, { answered: this.view.answeredCount(), expected });
    this.view.screens.forEach((screen, index) => this.refreshMark(this.marks[index], screen, index));
  }

  refreshMark(button, screen, index) {
    const { title } = screen.dataset;
    const answered = this.view.isAnswered(screen);
    const flagged = this.view.isFlagged(screen);
    const kept = !answered && this.view.isWritten(screen);
    const partly = this.view.partly(screen)?.partly;
    const words = [partly ?? (answered ? this.texts.answered : kept ? this.texts.kept : this.texts.unanswered)];
    if (title) words.unshift(this.view.isChosen(screen) ? this.texts.chosen : this.texts.notChosen);
    if (flagged) words.push(this.texts.flagged);
    button.replaceChildren(
      element("span", { className: "map-number", textContent: index + 1 }),
      ...(title ? [element("span", { className: "map-title", lang: this.view.root.dataset.language, textContent: title })] : []),
      icon(answered && !partly ? "check_circle" : "radio_button_unchecked"),
      ...(flagged ? [icon("flag")] : []),
      element("span", { className: title ? "map-state" : "usa-sr-only", textContent: words.join(", ") }),
    );
    button.classList.toggle("is-answered", answered && !partly);
    button.classList.toggle("is-flagged", flagged);
    if (!title) button.setAttribute("aria-label", `${this.view.nameOf(screen)}, ${words.join(", ")}`);
    if (index === this.view.at) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}
