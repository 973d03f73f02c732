// The answers as they stand: what the server knows, with the changes of this device on top.

export class Answers {
  constructor() {
    this.texts = {};
    this.flagged = new Set();
    this.chosen = new Set();
  }

  load({ answers, flagged, chosen }) {
    this.texts = { ...answers };
    this.flagged = new Set(flagged);
    this.chosen = new Set(chosen);
  }

  apply({ kind, item, value }) {
    if (kind === "answer") this.texts[item] = value;
    else (kind === "flag" ? this.flagged : this.chosen)[value ? "add" : "delete"](item);
  }

  value(kind, item) {
    if (kind === "answer") return this.texts[item] ?? "";
    return (kind === "flag" ? this.flagged : this.chosen).has(item) ? "1" : "";
  }
}
