// The time of the server, shown calmly. The device's clock decides nothing: elapsed time is counted from each receipt.

const WARNINGS = [30, 10, 5, 1]; // minutes

export class Clock extends EventTarget {
  constructor() {
    super();
    this.deadline = null;
    this.lastLeft = null;
  }

  // A receipt: what the server's time was half-way between asking and answering, and when the part ends.
  synchronise(receipt, askedAt) {
    this.serverAtZero = Date.parse(receipt.now) - (askedAt + performance.now()) / 2;
    const deadline = Date.parse(receipt.deadline);
    const moved = this.deadline !== null && deadline !== this.deadline;
    this.deadline = deadline;
    if (moved) {
      this.lastLeft = null;
      this.dispatchEvent(new Event("moved"));
    }
    this.tick();
    this.ticking ??= setInterval(() => this.tick(), 1000);
  }

  now() {
    return this.serverAtZero === undefined ? Date.now() : this.serverAtZero + performance.now();
  }

  stop() {
    clearInterval(this.ticking);
  }

  tick() {
    const left = Math.max(0, this.deadline - this.now());
    this.dispatchEvent(new CustomEvent("tick", { detail: left }));
    for (const minutes of WARNINGS) {
      const mark = minutes * 60_000;
      if (this.lastLeft !== null && this.lastLeft > mark && left <= mark && left > 0) {
        this.dispatchEvent(new CustomEvent("warning", { detail: minutes }));
      }
    }
    this.lastLeft = left;
    if (left === 0) this.dispatchEvent(new Event("up"));
  }
}

export function clockFace(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
