// What comes from the room: messages of the proctor, and times in which the clock stands still.

import { clockFace } from "./clock.js";
import { element, fill } from "./elements.js";

const A_MOMENT = 1000; // so that the server has ended a break before the page does
const find = (id) => document.getElementById(id);

export class Room {
  constructor({ root, texts, frame, clock, sync, beforeCover }) {
    Object.assign(this, { root, texts, frame, clock, sync, beforeCover });
    this.messages = [];
    this.told = 0; // how many messages the last receipt spoke of that was followed up
    this.stop = null;
    this.breakEnds = null;
    find("take-break").addEventListener("click", () => this.ask("start"));
    find("end-break").addEventListener("click", () => this.ask("end"));
    find("read-messages").addEventListener("click", () => find("messages").showModal());
    find("messages-close").addEventListener("click", () => find("messages").close());
    clock.addEventListener("stopped", () => this.cover());
    clock.addEventListener("resumed", () => this.uncover());
    clock.addEventListener("tick", () => this.tick());
  }

  // After a receipt: fetches what it only hints at.
  async follow(lease) {
    const unknown = this.stale || lease.messages > this.told || this.clock.stopped !== (this.stop !== null);
    if (!unknown || this.asking) return;
    this.asking = true;
    const answer = await this.sync.get(lease.messages_url);
    this.asking = false;
    if (answer.status !== 200) return; // the next receipt says it again
    this.told = lease.messages;
    this.takeStop(answer.body);
    this.takeMessages(answer.body.messages);
  }

  takeMessages(messages) {
    const last = Number(sessionStorage.getItem(this.seenKey) ?? 0);
    this.messages = messages;
    for (const message of messages.filter(({ id }) => id > last)) {
      this.frame.notice("info", fill(this.texts.message, { text: message.text }), undefined, `message ${message.id}`);
    }
    if (messages.length) sessionStorage.setItem(this.seenKey, messages.at(-1).id);
    find("read-messages").hidden = !messages.length;
    find("read-messages").textContent = fill(this.texts.messages, { count: messages.length });
    find("message-list").replaceChildren(...messages.map(({ text, at }) => {
      const time = element("p", { className: "message-time", textContent: this.frame.minute.format(new Date(at)) });
      return element("li", {}, time, element("p", { className: "message-text", textContent: text }));
    }).reverse());
  }

  get seenKey() {
    return `examapp-seen ${this.root.dataset.key}`;
  }

  takeStop({ stop, break_left: breakLeft }) {
    this.stop = stop;
    this.stale = false;
    this.breakLeft = breakLeft;
    this.breakEnds = stop?.kind === "break" ? performance.now() + breakLeft * 1000 : null;
    this.show();
  }

  show() {
    const minutes = Math.ceil((this.breakLeft ?? 0) / 60);
    find("take-break").hidden = !minutes || this.clock.stopped || this.sync.readOnly;
    find("take-break").textContent = fill(minutes === 1 ? this.texts.takeBreakOne : this.texts.takeBreak, { minutes });
    if (!this.clock.stopped) return;
    const isBreak = this.stop?.kind === "break";
    find("stopped-title").textContent = isBreak ? this.texts.onBreak : this.texts.paused;
    find("stopped-why").textContent = this.stop && !isBreak ? this.stop.reason : "";
    find("end-break").hidden = !isBreak;
    this.tick();
  }

  tick() {
    if (!this.clock.stopped) return;
    const left = fill(this.texts.stoppedLeft, { time: clockFace(this.clock.stoppedLeft) });
    const breakLeft = this.breakEnds === null ? null : this.breakEnds - performance.now();
    const ends = breakLeft === null ? "" : fill(this.texts.breakLeft, { time: clockFace(Math.max(0, breakLeft)) });
    find("stopped-left").textContent = `${left} ${ends}`;
    if (breakLeft !== null && breakLeft < -A_MOMENT) {
      this.clock.runOn(); // used up, with or without a connection
      this.sync.flush();
    }
  }

  // Nobody reads or writes while the clock stands still. What was typed is saved all the same.
  cover() {
    this.beforeCover();
    if (find("stopped").hidden) this.focused = document.activeElement;
    for (const dialog of document.querySelectorAll("dialog[open]:not(#kept)")) dialog.close();
    this.root.hidden = true;
    find("stopped").hidden = false;
    find("stopped-error").hidden = true;
    this.show();
    find("stopped-title").focus();
  }

  uncover() {
    find("stopped").hidden = true;
    this.root.hidden = false;
    this.stop = this.breakEnds = null;
    this.stale = true; // how much of the break is left
    this.show();
    this.focused?.focus();
    this.frame.notice("info", fill(this.texts.resumed, { time: this.frame.minute.format(this.clock.deadline) }));
  }

  async ask(action) {
    const askedAt = performance.now();
    const answer = await this.sync.post(this.sync.lease.break, { action });
    if (answer.status === 200) {
      const { stop, break_left: breakLeft, ...receipt } = answer.body;
      this.clock.synchronise(receipt, askedAt);
      this.takeStop({ stop, break_left: breakLeft });
      return;
    }
    if (answer.status && !answer.body.sentence) {
      this.sync.flush(); // another window writes, or the part is closed: the log says which
      return;
    }
    const sentence = answer.body?.sentence ?? this.texts.breakOffline;
    if (this.clock.stopped) find("stopped-error").textContent = sentence;
    find("stopped-error").hidden = !this.clock.stopped;
    if (!this.clock.stopped) this.frame.notice("warning", sentence);
  }
}
