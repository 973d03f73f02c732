// Around the questions: the state line, the timer, notices and announcements, and the dialogs.

import { clockFace } from "./clock.js";
import { element, fill } from "./view.js";

const ICONS = { saved: "check_circle", saving: "autorenew", offline: "warning", readOnly: "warning", refused: "error" };
const GOOD_NEWS = 10_000; // how long a notice stays that asks nothing of anybody
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
  }

  showTime(left) {
    find("timer").textContent = this.hidden ? this.texts.timeHidden : clockFace(left);
    find("ends-at").textContent = this.hidden ? "" : fill(this.texts.endsAt, { time: this.minute.format(this.clock.deadline) });
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

  // Honest words about what is saved. Only trouble and its end are read aloud.
  showState(state, count, since) {
    const time = this.second.format(this.clock.now());
    const words = {
      saved: () => fill(this.texts.saved, { time }),
      saving: () => this.texts.saving,
      offline: () => fill([this.texts.offlineNothing, this.texts.offlineOne][count] ?? this.texts.offline, { time: this.minute.format(since), count }),
      readOnly: () => this.texts.readOnly,
      refused: () => this.texts.refused,
    };
    find("save-text").textContent = words[state]();
    find("save-state").dataset.state = state;
    find("save-state").querySelector("use").setAttribute("href", `#icon-${ICONS[state]}`);
    if (state !== this.state && ["offline", "readOnly", "refused"].includes(state)) this.announce(words[state]());
    this.state = state;
  }

  announce(text) {
    find("announcements").textContent = text;
  }

  // A line at the top of the page that also is read aloud; the newest replaces one of its kind.
  notice(kind, text, action) {
    if (find("notices").textContent.includes(text)) return;
    const notice = find("notice-template").content.firstElementChild.cloneNode(true);
    notice.classList.add(`usa-alert--${kind}`);
    notice.querySelector("p").textContent = text;
    if (action) notice.querySelector("p").after(action);
    find("notices").replaceChildren(notice);
    if (kind === "success") setTimeout(() => notice.remove(), GOOD_NEWS);
    this.announce(text);
  }

  clearNotice() {
    find("notices").replaceChildren();
  }

  downloadButton(queue) {
    const button = find("download-template").content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => {
      const address = URL.createObjectURL(new Blob([queue.asText()], { type: "text/plain" }));
      element("a", { href: address, download: "answers.txt" }).click();
      URL.revokeObjectURL(address);
    });
    return button;
  }

  confirmClose(summary, lists, onYes) {
    find("confirm-summary").textContent = summary;
    find("confirm-list").replaceChildren(...lists.map((words) => {
      const entry = element("li", {});
      entry.append(...words);
      return entry;
    }));
    find("confirm-error").hidden = true;
    find("confirm-yes").disabled = false;
    find("confirm-yes").onclick = onYes;
    find("confirm-no").onclick = () => find("confirm-close").close();
    find("confirm-close").showModal();
  }

  closeFailed() {
    find("confirm-yes").disabled = false;
    find("confirm-error").textContent = this.texts.closeOffline;
    find("confirm-error").hidden = false;
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
