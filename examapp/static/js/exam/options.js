// The options of a question: in the order of this candidate, with letters from the top, and struck out by a button.

import { copyOf, element, fill, itemOf } from "./elements.js";
import { nameChoices } from "./ways/pairs.js";
import { wayOf } from "./ways/ways.js";

export class Options {
  constructor(view, texts, answers) {
    this.view = view;
    this.texts = texts;
    this.answers = answers;
    for (const option of view.root.querySelectorAll("[data-option]")) {
      option.append(copyOf("strike"));
      option.querySelector(".option").append(element("span", { className: "usa-sr-only", textContent: ` (${texts.struck})`, hidden: true }));
    }
    this.letter();
    view.addEventListener("refreshed", () => this.refresh());
    view.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-strike]");
      if (button && !view.locked) this.strike(button.closest("[data-option]"));
    });
    view.root.addEventListener("change", (event) => {
      const screen = event.target.closest(".screen");
      for (const option of screen ? this.chosenIn(screen) : []) if (this.isStruck(option)) this.strike(option);
    });
  }

  // {item: [ids]}: every candidate may have an order of their own; the page is the same for all.
  arrange(orders) {
    for (const [item, ids] of Object.entries(orders)) {
      const options = [...(this.view.screenOf(item)?.querySelectorAll("[data-option]") ?? [])];
      const place = (option) => ids.indexOf(option.dataset.option);
      options[0]?.parentElement.append(...options.sort((one, other) => place(one) - place(other)));
    }
    this.letter();
  }

  letter() {
    for (const screen of this.view.screens) {
      screen.querySelectorAll("[data-option]").forEach((option, index) => {
        const letter = String.fromCharCode(65 + index);
        option.querySelector(".option-letter").textContent = letter;
        option.querySelector("[data-strike] span").textContent = fill(this.texts.strikeOut, { letter });
      });
    }
  }

  // An answer as the candidate sees it: of options, their letters and texts.
  inWords(item, answer) {
    const screen = this.view.screenOf(item);
    return screen && wayOf(screen).inWords(answer, (id) => this.nameOf(screen, id));
  }

  nameOf(screen, id) {
    const option = this.optionOf(screen.dataset.item, id);
    return option && `${this.letterOf(option)} ${option.querySelector(".option-text:not([hidden])").textContent}`;
  }

  chosenIn(screen) {
    const { item } = screen.dataset;
    return wayOf(screen).chosen(this.answers.value("answer", item)).map((id) => this.optionOf(item, id)).filter(Boolean);
  }

  lettersOf(item, ids) {
    return ids.split(",").map((id) => this.optionOf(item, id)).filter(Boolean).map((option) => this.letterOf(option)).sort().join(", ");
  }

  optionOf(item, id) {
    return this.view.screenOf(item)?.querySelector(`[data-option="${CSS.escape(id)}"]`);
  }

  letterOf(option) {
    return option.querySelector(".option-letter").textContent;
  }

  isStruck(option) {
    return this.answers.struck(itemOf(option)).includes(option.dataset.option);
  }

  // Strikes an option out, or takes that back.
  strike(option) {
    const item = itemOf(option);
    const { option: id } = option.dataset;
    const struck = this.answers.struck(item);
    const others = struck.filter((other) => other !== id);
    this.view.report("strike", item, (others.length < struck.length ? others : [...struck, id]).sort().join(","));
  }

  refresh() {
    for (const screen of this.view.screens) this.refreshScreen(screen);
  }

  refreshScreen(screen) {
    const chosen = this.chosenIn(screen);
    for (const option of screen.querySelectorAll("[data-option]")) {
      const struck = this.isStruck(option);
      const button = option.querySelector("[data-strike]");
      option.classList.toggle("is-struck", struck);
      option.querySelector(".option > .usa-sr-only").hidden = !struck;
      button.setAttribute("aria-pressed", struck);
      button.disabled = this.view.locked || chosen.includes(option);
    }
    nameChoices(screen, this.view.root.dataset.language, (id) => this.nameOf(screen, id));
  }
}
