// The answers as they stand: what the server knows, with the changes of this device on top.

const KINDS = ["answer", "note", "strike", "flag", "choose"];

export class Answers {
  constructor() {
    this.load({ answers: {}, notes: {}, struck: {}, flagged: [], chosen: [] });
  }

  load({ answers, notes, struck, flagged, chosen }) {
    const marked = (items) => Object.fromEntries(items.map((item) => [item, "1"]));
    const lists = Object.entries(struck).map(([item, options]) => [item, options.join(",")]);
    const values = [answers, notes, Object.fromEntries(lists), marked(flagged), marked(chosen)];
    this.values = new Map(KINDS.map((kind, index) => [kind, { ...values[index] }]));
  }

  apply({ kind, item, value }) {
    this.values.get(kind)[item] = value;
  }

  // What the last change of this kind said; "" when there was none.
  value(kind, item) {
    return this.values.get(kind)[item] ?? "";
  }

  struck(item) {
    return this.value("strike", item).split(",").filter(Boolean);
  }
}
