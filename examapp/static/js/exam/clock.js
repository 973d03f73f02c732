// The time of the server, shown calmly. The device's clock decides nothing: elapsed time is counted from each receipt.

const WARNINGS = [30, 10, 5, 1]; // minutes

export class Clock extends EventTarget {
  constructor() {
    super();
    this.deadline = null;
    this.stoppedLeft = null; // milliseconds that are left, while the clock stands still
    this.lastLeft = null;
    this.certain = false; // whether the server has told the time since this page was loaded
  }

  // A receipt: what the server's time was half-way between asking and answering, and when the part ends.
  synchronise(receipt, askedAt) {
    this.serverAtZero = Date.parse(receipt.now) - (askedAt + performance.now()) / 2;
    this.certain = true;
    this.take(receipt);
  }

  // After a reload without a connection: the last receipt, and what this device's clock said beside it. Good enough to
  // show the time, not to end a part: the device's clock may have been set since.
  restore(receipt, device) {
    this.serverAtZero = Date.parse(receipt.now) + (Date.now() - device) - performance.now();
    this.take(receipt);
  }

  take(receipt) {
    const before = { deadline: this.deadline, stopped: this.stopped };
    this.deadline = Date.parse(receipt.deadline);
    this.stoppedLeft = receipt.stopped_left === null ? null : receipt.stopped_left * 1000;
    const moved = before.deadline !== null && this.deadline !== before.deadline;
    if (moved) this.lastLeft = null;
    if (this.stopped !== before.stopped) this.dispatchEvent(new Event(this.stopped ? "stopped" : "resumed"));
    else if (moved && !this.stopped) this.dispatchEvent(new Event("moved"));
    this.tick();
    this.ticking ??= setInterval(() => this.tick(), 1000);
  }

  // A break is used up: the deadline told with it is the one that holds from now on.
  runOn() {
    this.stoppedLeft = null;
    this.dispatchEvent(new Event("resumed"));
    this.tick();
  }

  get stopped() {
    return this.stoppedLeft !== null;
  }

  now() {
    return this.serverAtZero === undefined ? Date.now() : this.serverAtZero + performance.now();
  }

  tick() {
    const running = Math.max(0, this.deadline - this.now());
    const left = this.stopped ? Math.min(this.stoppedLeft, running) : running;
    this.dispatchEvent(new CustomEvent("tick", { detail: left }));
    // After a sleep of the device several marks may lie behind: one announcement says what is left now.
    const passed = WARNINGS.some((minutes) => this.lastLeft > minutes * 60_000 && left <= minutes * 60_000);
    if (passed && this.lastLeft !== null && left > 0) {
      this.dispatchEvent(new CustomEvent("warning", { detail: Math.ceil(left / 60_000) }));
    }
    this.lastLeft = left;
    if (left === 0 && this.certain) this.dispatchEvent(new Event("up"));
  }
}

export function clockFace(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
