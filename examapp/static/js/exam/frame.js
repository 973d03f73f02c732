// Around the questions: the state line, the timer, notices and announcements, and the dialogs.

import { clockFace } from "./clock.js";
import { downloadOf } from "./download.js";
import { element, fill } from "./elements.js";

const ICONS = { saved: "check_circle", saving: "autorenew", offline: "warning", readOnly: "warning", refused: "error", tooLong: "error", elsewhere: "warning" };
const SAME_BREATH = 1500;
const GOOD_NEWS = 10_000; // how long a notice stays that asks nothing of anybody
const PEEK = 10_000; // how long a hidden time is shown to who asks for it
const find = (id) => document.getElementById(id);

export class Frame {
  constructor(root, texts, clock) {
    this.texts = texts;
    this.clock = clock;
    this.root = root;
    const options = { timeZone: root.dataset.zone, timeZoneName: "short", hour: "numeric", minute: "2-digit" };
    this.minute = new Intl.DateTimeFormat(root.dataset.locale, options);
    this.second = new Intl.DateTimeFormat(root.dataset.locale, { ...options, second: "2-digit" });
    clock.addEventListener("tick", (event) => this.showTime(event.detail));
    clock.addEventListener("warning", (event) => this.warn(event.detail));
    clock.addEventListener("moved", () => this.notice("info", fill(texts.deadlineMoved, { time: this.minute.format(clock.deadline) })));
    find("toggle-time").addEventListener("click", () => this.toggleTime());
    find("say-time").addEventListener("click", () => this.sayTime());
    const header = document.querySelector(".exam-header");
    new ResizeObserver(() => keepClearOf(header)).observe(header);
  }

  showTime(left) {
    this.left = left;
    const hidden = this.hidden && !(performance.now() < this.peekUntil);
    find("timer").textContent = hidden ? this.texts.timeHidden : clockFace(left);
    const ends = this.clock.stopped ? this.texts.clockStopped : fill(this.texts.endsAt, { time: this.minute.format(this.clock.deadline) });
    find("ends-at").textContent = hidden ? "" : ends;
  }

  // The time left, aloud; a time that is hidden shows itself for a moment.
  sayTime() {
    if (this.left === undefined) return;
    this.peekUntil = performance.now() + PEEK;
    this.showTime(this.left);
    this.announce(fill(this.texts.timeLeft, { time: inWords(this.left, this.root.dataset.locale) }));
  }

  toggleTime() {
    this.hidden = !this.hidden;
    find("toggle-time").textContent = this.hidden ? this.texts.showTime : this.texts.hideTime;
    this.clock.tick();
  }

  warn(minutes) {
    const text = minutes === 1 ? this.texts.oneMinuteLeft : fill(this.texts.minutesLeft, { minutes });
    this.notice("warning", text);
  }

  // Honest words about what is saved. Only trouble is read aloud. `safe`: this device keeps what is not sent yet.
  showState(state, { count = 0, since, safe = true } = {}) {
    const words = {
      saved: () => fill(this.texts.saved, { time: this.second.format(this.clock.now()) }),
      saving: () => this.texts.saving,
      offline: () => fill(this.offlineText(count, safe), { time: this.minute.format(since), count }),
      readOnly: () => (count ? fill(this.texts.readOnlyKept, { count }) : this.texts.readOnly),
      refused: () => this.texts.refused,
      tooLong: () => this.texts.tooLong,
      elsewhere: () => this.texts.elsewhere,
    };
    find("save-text").textContent = words[state]();
    find("save-state").dataset.state = state;
    find("save-state").querySelector("use").setAttribute("href", `#icon-${ICONS[state]}`);
    if (state !== this.state && ["offline", "readOnly", "refused", "tooLong"].includes(state)) this.announce(words[state]());
    this.state = state;
  }

  offlineText(count, safe) {
    if (count && !safe) return this.texts.offlineUnsafe;
    return [this.texts.offlineNothing, this.texts.offlineOne][count] ?? this.texts.offline;
  }

  // Two sentences in the same breath are both said, and the same sentence twice is said twice.
  announce(text) {
    const now = performance.now();
    const region = find("announcements");
    const textContent = now - this.announcedAt < SAME_BREATH ? `${region.textContent} ${text}` : text;
    region.replaceChildren(element("span", { textContent }));
    this.announcedAt = now;
  }

  // A line at the top of the page that also is read aloud; it replaces the one with the same key.
  notice(kind, text, action, key = "frame") {
    const before = [...find("notices").children].find((other) => other.dataset.key === key);
    if (before?.textContent.includes(text)) return;
    before?.remove();
    const notice = find("notice-template").content.firstElementChild.cloneNode(true);
    notice.dataset.key = key;
    notice.classList.add(`usa-alert--${kind}`);
    notice.querySelector("p").textContent = text;
    if (action) notice.querySelector("p").after(action);
    notice.querySelector(".notice-close").addEventListener("click", () => {
      notice.remove();
      find("main").focus({ preventScroll: true });
    });
    find("notices").append(notice);
    if (kind === "success") setTimeout(() => notice.remove(), GOOD_NEWS);
    this.announce(text);
  }

  clearNotice(key = "frame") {
    for (const notice of [...find("notices").children]) if (notice.dataset.key === key) notice.remove();
  }

  // Beside the answer itself: the server does not take it, because it is too long.
  tellTooLong(entries, screenOf, download) {
    for (const told of document.querySelectorAll(".too-long")) told.remove();
    for (const { item } of entries) {
      const notice = find("notice-template").content.firstElementChild.cloneNode(true);
      notice.classList.add("usa-alert--error", "too-long");
      notice.querySelector(".notice-close").remove();
      notice.querySelector("p").textContent = this.texts.tooLongHere;
      notice.querySelector("p").after(download());
      const screen = screenOf(item);
      (screen?.querySelector(".essay-answer") ?? screen)?.append(notice);
    }
  }

  downloadButton(queue) {
    const button = find("download-template").content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => downloadOf(queue.asText()));
    return button;
  }

  confirmClose(summary, lists, onYes) {
    find("confirm-summary").textContent = summary;
    find("confirm-list").replaceChildren(...lists.map((words) => element("li", {}, ...words)));
    find("confirm-error").hidden = true;
    this.closing(false);
    find("confirm-yes").onclick = () => {
      this.closing(true);
      onYes();
    };
    find("confirm-no").onclick = () => find("confirm-close").close();
    find("confirm-close").showModal();
  }

  closing(running) {
    find("confirm-yes").disabled = running;
    find("confirm-yes").textContent = running ? this.texts.closing : this.texts.close;
  }

  closeFailed(text) {
    this.closing(false);
    find("confirm-error").textContent = text;
    find("confirm-error").hidden = false;
    find("confirm-yes").focus();
  }

  // Which version counts? Resolves to true for this device's.
  askAboutKept(lines) {
    find("kept-list").replaceChildren(...lines.map((text) => element("li", { textContent: text })));
    const dialog = find("kept");
    dialog.oncancel = (event) => event.preventDefault();
    return new Promise((resolve) => {
      const answer = (useMine) => () => { dialog.close(); resolve(useMine); };
      find("kept-use").onclick = answer(true);
      find("kept-drop").onclick = answer(false);
      dialog.showModal();
    });
  }
}

// What gets the focus is scrolled to below the header, however high its notices make it.
function keepClearOf(header) {
  const height = getComputedStyle(header).position === "sticky" ? header.offsetHeight : 0;
  document.documentElement.style.scrollPaddingTop = `${height + 8}px`;
}

// "1 hour, 29 minutes"; in the last minutes with seconds.
function inWords(milliseconds, locale) {
  const seconds = Math.ceil(milliseconds / 1000);
  const units = seconds < 300
    ? [["minute", Math.floor(seconds / 60)], ["second", seconds % 60]]
    : [["hour", Math.floor(seconds / 3600)], ["minute", Math.floor(seconds / 60) % 60]];
  const told = units.filter(([, number], index) => number || (!seconds && index));
  const inUnit = ([unit, number]) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(number);
  return new Intl.ListFormat(locale, { type: "unit" }).format(told.map(inUnit));
}
