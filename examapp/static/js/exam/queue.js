// Changes that have no receipt yet. They live on the device, keyed by part and lease, and leave it only by a receipt.

const MOST_EVENTS = 100;
const MOST_CHARACTERS = 250_000;

export class Queue {
  constructor(part, storage) {
    this.part = part;
    this.storage = storage;
    this.entries = [];
    this.most = MOST_EVENTS;
  }

  // Reads what was kept under this lease, and returns what was kept under other ones: by another tab of this browser,
  // or by this one before another took over.
  async load(epoch) {
    const kept = (await this.storage.read("changes", this.part)) ?? this.entries;
    this.epoch = epoch;
    this.entries = kept.filter((entry) => entry.epoch === epoch);
    return kept.filter((entry) => entry.epoch !== epoch);
  }

  get size() {
    return this.entries.length;
  }

  // What the server does not take, because it is too long. It stays until it is replaced by something shorter.
  get tooLong() {
    return this.entries.filter((entry) => entry.tooLong);
  }

  get sendable() {
    return this.entries.filter((entry) => !entry.tooLong);
  }

  // A newer text of the same essay replaces an older one that was never sent, or that was too long.
  add(kind, item, value) {
    this.remove(this.tooLong.filter((entry) => entry.kind === kind && entry.item === item));
    const change = { part: this.part, epoch: this.epoch, kind, item, value, client_ms: String(Date.now()) };
    const before = this.entries.at(-1);
    const same = before && !before.sent && before.kind === kind && before.item === item;
    const entry = same ? Object.assign(before, change) : { ...change, n: (before?.n ?? 0) + 1, sent: false };
    if (!same) this.entries.push(entry);
    this.storage.write(({ changes, answers }) => {
      changes.put(entry);
      answers.put({ part: this.part, kind, item, value });
    });
  }

  // The next batch, oldest first. What was in a batch once stays as it is, because the server may have stored it.
  batch() {
    const batch = [];
    let characters = 0;
    for (const entry of this.sendable) {
      characters += entry.value.length;
      if (batch.length && (batch.length >= this.most || characters > MOST_CHARACTERS)) break;
      batch.push(entry);
    }
    const fresh = batch.filter((entry) => !entry.sent);
    for (const entry of fresh) entry.sent = true;
    this.put(fresh);
    return batch;
  }

  // The server refused a batch as too large: one value when it names its item, else the batch as a whole.
  refuse(batch, item) {
    const longest = batch.filter((entry) => entry.item === item).sort((a, b) => b.value.length - a.value.length)[0];
    const entry = longest ?? (batch.length === 1 ? batch[0] : undefined);
    if (!entry) {
      this.most = Math.ceil(batch.length / 2);
      return;
    }
    entry.tooLong = true;
    this.put([entry]);
  }

  // These have a receipt.
  remove(entries) {
    if (!entries.length) return;
    const gone = new Set(entries);
    this.entries = this.entries.filter((entry) => !gone.has(entry));
    this.storage.write(({ changes }) => entries.forEach((entry) => changes.delete([entry.part, entry.epoch, entry.n])));
  }

  put(entries) {
    if (entries.length) this.storage.write(({ changes }) => entries.forEach((entry) => changes.put(entry)));
  }

  // Everything kept here, as a file for the candidate.
  asText() {
    return this.entries.map((entry) => `${entry.item} (${entry.kind})\n${entry.value}\n`).join("\n");
  }
}
