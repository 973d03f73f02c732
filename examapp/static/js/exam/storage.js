// What this device keeps of parts that run, in IndexedDB. Writes go in order; trouble with them is told, and they are
// tried again with the next one.

const SLOW = 3000; // longer than this, and something is wrong with the device
const KEYS = { changes: ["part", "epoch", "n"], parts: ["part", "epoch"], answers: ["part", "kind", "item"] };

export class Storage extends EventTarget {
  constructor() {
    super();
    this.backlog = [];
    this.last = Promise.resolve();
    this.safe = true; // whether everything that should be kept is
  }

  async open() {
    try {
      this.database = await inTime(openDatabase());
      this.database.onversionchange = () => this.database.close(); // a newer page may go on; here the writes fail
    } catch {
      this.safe = false; // a private window of some browsers: changes live in memory until they are saved
    }
    return this;
  }

  // Everything kept of a part; null when it cannot be read.
  async read(store, part) {
    try {
      await inTime(this.last);
      const transaction = this.database.transaction(store);
      const request = transaction.objectStore(store).getAll(rangeOf(part));
      await inTime(done(transaction));
      return request.result;
    } catch {
      return null;
    }
  }

  // `change` gets the stores by name. What is written together is kept together or not at all.
  write(change) {
    if (!this.database) return;
    this.backlog.push(change);
    this.last = this.last.then(() => this.drain());
  }

  async drain() {
    const changes = this.backlog;
    if (!changes.length) return;
    this.backlog = [];
    const slow = setTimeout(() => this.become(false), SLOW);
    try {
      const names = Object.keys(KEYS);
      const transaction = this.database.transaction(names, "readwrite", { durability: "strict" });
      const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
      for (const change of changes) change(stores);
      await done(transaction);
      this.become(true);
    } catch {
      this.backlog = [...changes, ...this.backlog];
      this.become(false);
    } finally {
      clearTimeout(slow);
    }
  }

  // When everything is written, or a little later than that should be.
  async settled() {
    await inTime(this.last).catch(() => {});
  }

  become(safe) {
    if (safe === this.safe) return;
    this.safe = safe;
    this.dispatchEvent(new Event(safe ? "recovered" : "trouble"));
  }
}

// All keys that begin with a part.
export function rangeOf(part) {
  return IDBKeyRange.bound([part], [part, []]);
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("examapp", 2);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(KEYS)) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, { keyPath });
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}

// Fails when it takes longer than a device that works well needs.
export function inTime(promise) {
  return Promise.race([promise, new Promise((resolve, reject) => { setTimeout(reject, SLOW); })]);
}

function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}
