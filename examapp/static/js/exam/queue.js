// Changes that have no receipt yet. They live in IndexedDB, keyed by part and lease, and leave it only by a receipt.

const STORE = "changes";
const MOST_EVENTS = 100;
const MOST_CHARACTERS = 250_000;

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("examapp", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["part", "epoch", "n"] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export class Queue {
  constructor(part) {
    this.part = part;
    this.entries = [];
    this.durable = true;
    this.writing = Promise.resolve();
  }

  // Reads what was kept under this lease, and returns what was kept under other ones: by another tab of this browser.
  async load(epoch) {
    await this.writing;
    this.epoch = epoch;
    let kept = [];
    try {
      this.database = await openDatabase();
      const transaction = this.database.transaction(STORE);
      const request = transaction.objectStore(STORE).getAll(IDBKeyRange.bound([this.part], [this.part, []]));
      await done(transaction);
      kept = request.result;
    } catch {
      this.durable = false; // a private window of some browsers: changes live in memory until they are saved
    }
    this.entries = kept.filter((entry) => entry.epoch === epoch);
    return kept.filter((entry) => entry.epoch !== epoch);
  }

  get size() {
    return this.entries.length;
  }

  // A newer text of the same essay replaces an older one that was never sent; everything else is added.
  add(kind, item, value) {
    const change = { part: this.part, epoch: this.epoch, kind, item, value, client_ms: String(Date.now()) };
    const before = this.entries.at(-1);
    if (before && !before.sent && before.kind === kind && before.item === item) {
      Object.assign(before, change);
      this.write((store) => store.put(before));
    } else {
      const entry = { ...change, n: (before?.n ?? 0) + 1, sent: false };
      this.entries.push(entry);
      this.write((store) => store.add(entry));
    }
  }

  // The next batch, oldest first. What was in a batch once stays as it is, because the server may have stored it.
  batch() {
    const batch = [];
    let characters = 0;
    for (const entry of this.entries) {
      characters += entry.value.length;
      if (batch.length && (batch.length >= MOST_EVENTS || characters > MOST_CHARACTERS)) break;
      batch.push(entry);
    }
    const fresh = batch.filter((entry) => !entry.sent);
    for (const entry of fresh) entry.sent = true;
    if (fresh.length) this.write((store) => fresh.forEach((entry) => store.put(entry)));
    return batch;
  }

  // These have a receipt.
  remove(entries) {
    const gone = new Set(entries);
    this.entries = this.entries.filter((entry) => !gone.has(entry));
    this.write((store) => entries.forEach((entry) => store.delete([entry.part, entry.epoch, entry.n])));
  }

  write(change) {
    if (!this.durable) return;
    this.writing = this.writing
      .then(() => {
        const transaction = this.database.transaction(STORE, "readwrite", { durability: "strict" });
        change(transaction.objectStore(STORE));
        return done(transaction);
      })
      .catch(() => { this.durable = false; });
  }

  // Everything kept here, as a file for the candidate.
  asText() {
    return this.entries.map((entry) => `${entry.item} (${entry.kind})\n${entry.value}\n`).join("\n");
  }
}
