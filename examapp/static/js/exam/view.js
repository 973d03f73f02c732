// The questions or vignettes, one at a time or all on one page. It shows answers and reports what is changed.

import { copyOf, fill, itemOf } from "./elements.js";
import { wayOf } from "./ways/ways.js";

export class View extends EventTarget {
  constructor(root, texts, answers) {
    super();
    this.root = root;
    this.texts = texts;
    this.answers = answers;
    this.screens = [...root.querySelectorAll(".screen[data-item]")];
    this.review = root.querySelector("#review");
    this.at = Number(sessionStorage.getItem(root.dataset.key)); // where this tab was before a reload
    this.all = false;
    this.locked = false;
    for (const screen of this.screens) screen.append(copyOf("tools"));
    this.control("previous").addEventListener("click", () => this.previous());
    this.control("next").addEventListener("click", () => this.next());
    this.control("to-review").addEventListener("click", () => this.showReview());
    root.addEventListener("change", (event) => this.changed(event.target));
    root.addEventListener("click", (event) => this.clicked(event.target.closest("button")));
    root.addEventListener("focusin", (event) => this.arrive(this.screens.indexOf(event.target.closest(".screen"))));
  }

  control(id) {
    return this.root.querySelector(`#${id}`);
  }

  // Screens are counted from 0; the review comes after the last.
  show(index, focus = true) {
    this.at = Math.max(0, Math.min(index, this.screens.length));
    const reviewing = this.reviewing;
    this.screens.forEach((screen, number) => { screen.hidden = this.all ? reviewing : number !== this.at; });
    this.review.hidden = !reviewing;
    this.control("previous").hidden = this.at === 0 || (this.all && !reviewing);
    this.control("next").hidden = reviewing;
    const last = this.all || this.at === this.screens.length - 1;
    this.control("next").querySelector("span").textContent = last ? this.texts.review : this.texts.next;
    this.refresh();
    const shown = this.screens[this.at] ?? this.review;
    if (this.all && !reviewing) shown.scrollIntoView();
    else window.scrollTo(0, 0);
    if (focus) shown.querySelector(".screen-title, h2").focus({ preventScroll: true });
  }

  get reviewing() {
    return this.at === this.screens.length;
  }

  next() {
    this.show(this.all ? this.screens.length : this.at + 1);
  }

  previous() {
    if (!this.all || this.reviewing) this.show(this.at - 1);
  }

  showReview() {
    this.show(this.screens.length);
  }

  // With all on one page, the question one works in is the one the map marks.
  arrive(index) {
    if (index < 0 || index === this.at) return;
    this.at = index;
    this.refresh();
  }

  showAll(all) {
    this.all = all;
    this.root.classList.toggle("is-list", all);
    this.show(this.at, false);
  }

  changed(target) {
    const screen = target.closest(".screen");
    const way = screen && wayOf(screen);
    if (way?.controls && target.matches(way.controls)) this.report("answer", screen.dataset.item, way.read(screen));
    if (target.matches("[data-choose-box]")) this.report("choose", itemOf(target), target.checked ? "1" : "");
  }

  clicked(button) {
    if (!button || this.locked) return;
    if (button.matches("[data-flag]")) this.flag(button.closest(".screen"));
    if (button.matches("[data-clear]")) this.clear(button.closest(".screen"));
  }

  flag(screen) {
    const { item } = screen.dataset;
    this.report("flag", item, this.isFlagged(screen) ? "" : "1");
  }

  // The button goes with the answer, so the focus moves to where one answers.
  clear(screen) {
    wayOf(screen).toClear(screen)?.focus();
    this.report("answer", screen.dataset.item, "");
  }

  report(kind, item, value) {
    this.dispatchEvent(new CustomEvent("change", { detail: { kind, item, value } }));
  }

  // Everything on the page as the answers say.
  refresh() {
    sessionStorage.setItem(this.root.dataset.key, this.at);
    for (const screen of this.screens) this.refreshScreen(screen);
    this.dispatchEvent(new Event("refreshed"));
  }

  refreshScreen(screen) {
    const answer = this.answers.value("answer", screen.dataset.item);
    wayOf(screen).show(screen, answer);
    const flag = screen.querySelector("[data-flag]");
    const flagged = this.isFlagged(screen);
    flag.setAttribute("aria-pressed", flagged);
    flag.querySelector("span").textContent = flagged ? this.texts.unflag : this.texts.flag;
    const clear = screen.querySelector("[data-clear]");
    if (clear) clear.hidden = !answer || this.locked;
  }

  groupFull(screen) {
    const group = this.screens.filter((other) => other.dataset.group === screen.dataset.group);
    return group.filter((other) => this.isChosen(other)).length >= Number(screen.dataset.choose);
  }

  isChosen(screen) {
    return "compulsory" in screen.dataset || this.answers.value("choose", screen.dataset.item) === "1";
  }

  isTyped(item) {
    return !wayOf(this.screenOf(item)).controls;
  }

  isWritten(screen) {
    return this.answers.value("answer", screen.dataset.item).trim() !== "";
  }

  // The words for an answer in which something is still open; undefined for others.
  partly(screen) {
    return wayOf(screen).partly(screen, this.answers.value("answer", screen.dataset.item));
  }

  isAnswered(screen) {
    return this.isWritten(screen) && (!screen.dataset.title || this.isChosen(screen));
  }

  isFlagged(screen) {
    return this.answers.value("flag", screen.dataset.item) === "1";
  }

  answeredCount() {
    return this.screens.filter((screen) => this.isAnswered(screen)).length;
  }

  nameOf(screen) {
    return screen.dataset.title ?? fill(this.texts.question, { number: this.screens.indexOf(screen) + 1 });
  }

  screenOf(item) {
    return this.screens.find((screen) => screen.dataset.item === item);
  }

  // Read-only: everything can be read, nothing changed.
  lock(locked) {
    this.locked = locked;
    this.root.classList.toggle("is-locked", locked);
    const controls = ".screen :is(input:not([data-text]), select), [data-flag], #hand-in";
    for (const control of this.root.querySelectorAll(controls)) control.disabled = locked;
    for (const text of this.root.querySelectorAll("[data-text]")) text.readOnly = locked;
    this.refresh();
  }
}
