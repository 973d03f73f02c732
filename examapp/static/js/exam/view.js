// One screen at a time: questions or vignettes, the map, the review. It shows answers and reports what is changed.

export function fill(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export class View extends EventTarget {
  constructor(root, texts, answers) {
    super();
    this.root = root;
    this.texts = texts;
    this.answers = answers;
    this.screens = [...root.querySelectorAll(".screen[data-item]")];
    this.review = root.querySelector("#review");
    this.at = 0;
    this.locked = false;
    this.makeMap();
    root.querySelector("#previous").addEventListener("click", () => this.show(this.at - 1));
    root.querySelector("#next").addEventListener("click", () => this.show(this.at + 1));
    root.querySelector("#to-review").addEventListener("click", () => this.show(this.screens.length));
    root.addEventListener("change", (event) => this.changed(event.target));
    root.addEventListener("click", (event) => this.clicked(event.target.closest("button")));
  }

  makeMap() {
    this.marks = this.screens.map((screen, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.addEventListener("click", () => this.show(index));
      const entry = document.createElement("li");
      entry.append(button);
      this.root.querySelector("#map-list").append(entry);
      return button;
    });
  }

  // Screens are counted from 0; the review comes after the last.
  show(index, focus = true) {
    this.at = Math.max(0, Math.min(index, this.screens.length));
    this.screens.forEach((screen, number) => { screen.hidden = number !== this.at; });
    this.review.hidden = this.at !== this.screens.length;
    this.root.querySelector("#previous").hidden = this.at === 0;
    this.root.querySelector("#next").hidden = this.at === this.screens.length;
    this.refresh();
    window.scrollTo(0, 0);
    const shown = this.screens[this.at] ?? this.review;
    if (focus) shown.querySelector(".screen-title, h2").focus({ preventScroll: true });
  }

  changed(target) {
    if (target.type === "radio") this.report("answer", target.name, target.value);
    if (target.matches("[data-choose-box]")) this.report("choose", itemOf(target), target.checked ? "1" : "");
  }

  clicked(button) {
    if (!button || this.locked) return;
    const item = itemOf(button);
    if (button.matches("[data-flag]")) this.report("flag", item, this.answers.flagged.has(item) ? "" : "1");
    if (button.matches("[data-clear]") && this.answers.value("answer", item)) this.report("answer", item, "");
  }

  report(kind, item, value) {
    this.dispatchEvent(new CustomEvent("change", { detail: { kind, item, value } }));
  }

  // Everything on the page as the answers say.
  refresh() {
    for (const screen of this.screens) this.refreshScreen(screen);
    this.screens.forEach((screen, index) => this.refreshMark(this.marks[index], screen, index));
    const expected = this.root.dataset.expected;
    this.root.querySelector("#map-count").textContent = `${this.answeredCount()} / ${expected}`;
    this.refreshReview(expected);
  }

  refreshScreen(screen) {
    const item = screen.dataset.item;
    for (const radio of screen.querySelectorAll("input[type=radio]")) {
      radio.checked = this.answers.value("answer", item) === radio.value;
    }
    const flag = screen.querySelector("[data-flag]");
    if (flag) {
      const on = this.answers.flagged.has(item);
      flag.setAttribute("aria-pressed", on);
      flag.querySelector("span").textContent = on ? this.texts.unflag : this.texts.flag;
    }
    const clear = screen.querySelector("[data-clear]");
    if (clear) clear.hidden = !this.answers.value("answer", item);
  }

  refreshMark(button, screen, index) {
    const { item, title } = screen.dataset;
    const answered = this.isAnswered(screen);
    const flagged = this.answers.flagged.has(item);
    const words = [answered ? this.texts.answered : this.texts.unanswered];
    if (flagged) words.push(this.texts.flagged);
    if (title) words.unshift(this.isChosen(screen) ? this.texts.chosen : this.texts.notChosen);
    button.replaceChildren(
      element("span", { className: "map-number", textContent: index + 1 }),
      ...(title ? [element("span", { className: "map-title", lang: this.root.dataset.language, textContent: title })] : []),
      icon(answered ? "check_circle" : "radio_button_unchecked"),
      ...(flagged ? [icon("flag")] : []),
      element("span", { className: title ? "map-state" : "usa-sr-only", textContent: words.join(", ") }),
    );
    button.classList.toggle("is-answered", answered);
    button.classList.toggle("is-flagged", flagged);
    if (!title) button.setAttribute("aria-label", `${this.nameOf(screen)}, ${words.join(", ")}`);
    if (index === this.at) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }

  refreshReview(expected) {
    const list = (title, screens) => {
      if (!screens.length) return [];
      const entries = element("ul", { className: "review-list" });
      for (const screen of screens) {
        const link = element("button", { type: "button", className: "usa-button usa-button--outline" });
        link.append(this.named([screen], this.nameOf(screen)));
        link.addEventListener("click", () => this.show(this.screens.indexOf(screen)));
        const entry = document.createElement("li");
        entry.append(link);
        entries.append(entry);
      }
      return [element("h3", { textContent: title }), entries];
    };
    this.root.querySelector("#review-summary").textContent = fill(this.texts.summary, { answered: this.answeredCount(), expected });
    this.root.querySelector("#review-lists").replaceChildren(
      ...list(this.texts.missing, this.missing()),
      ...list(this.texts.flaggedTitle, this.flaggedScreens()),
    );
  }

  // What is still to be answered: of vignettes, those chosen, and one of each group that lacks a choice.
  missing() {
    return this.screens.filter((screen) => !this.isAnswered(screen) && (!screen.dataset.title || this.isChosen(screen) || !this.groupFull(screen)));
  }

  flaggedScreens() {
    return this.screens.filter((screen) => this.answers.flagged.has(screen.dataset.item));
  }

  groupFull(screen) {
    const group = this.screens.filter((other) => other.dataset.group === screen.dataset.group);
    return group.filter((other) => this.isChosen(other)).length >= Number(screen.dataset.choose);
  }

  isChosen(screen) {
    return "compulsory" in screen.dataset || this.answers.chosen.has(screen.dataset.item);
  }

  isAnswered(screen) {
    const text = this.answers.value("answer", screen.dataset.item).trim();
    return text !== "" && (!screen.dataset.title || this.isChosen(screen));
  }

  answeredCount() {
    return this.screens.filter((screen) => this.isAnswered(screen)).length;
  }

  nameOf(screen) {
    return screen.dataset.title ?? fill(this.texts.question, { number: this.screens.indexOf(screen) + 1 });
  }

  // The names of screens; titles of vignettes are in the language of the exam.
  named(screens, textContent) {
    const titles = screens.some((screen) => screen.dataset.title);
    return element("span", titles ? { lang: this.root.dataset.language, textContent } : { textContent });
  }

  // Several screens in few words: the titles of vignettes, the numbers of questions with runs drawn together.
  namesOf(screens) {
    if (screens.some((screen) => screen.dataset.title)) return screens.map((screen) => this.nameOf(screen)).join(", ");
    const runs = [];
    for (const number of screens.map((screen) => this.screens.indexOf(screen) + 1)) {
      if (runs.length && runs.at(-1).last === number - 1) runs.at(-1).last = number;
      else runs.push({ first: number, last: number });
    }
    return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
  }

  nameOfItem(item) {
    const screen = this.screens.find((other) => other.dataset.item === item);
    return screen ? this.nameOf(screen) : item;
  }

  // Read-only: everything can be read, nothing changed.
  lock(locked) {
    this.locked = locked;
    this.root.classList.toggle("is-locked", locked);
    for (const control of this.root.querySelectorAll(".screen input, [data-flag], [data-clear], #hand-in")) control.disabled = locked;
    for (const text of this.root.querySelectorAll("textarea")) text.readOnly = locked;
    this.dispatchEvent(new Event("locked"));
  }
}

export function itemOf(control) {
  return control.closest("[data-item]")?.dataset.item;
}

export function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "usa-icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}
