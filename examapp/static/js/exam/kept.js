// A part as this device keeps it while it runs, so that a reload without a connection goes on: the page, the lease with
// the head of the log, and the answers. All of it goes when the part is closed.

import { forgetPage, keepPage } from "./offline.js";
import { inTime, rangeOf } from "./storage.js";

export class Kept {
  constructor({ key, page, worker }, storage) {
    this.part = key;
    this.page = page;
    this.worker = worker;
    this.storage = storage;
    this.ending = new AbortController();
  }

  // The leases this device has had, the last one last; each as its last receipt left it.
  async leases() {
    return (await this.storage.read("parts", this.part)) ?? [];
  }

  // Every answer on this device as a change, to be applied on empty ones.
  async changes() {
    return (await this.storage.read("answers", this.part)) ?? [];
  }

  // What the server gave with a lease, and the changes of this device that it does not know yet.
  begin(lease, unsent) {
    const changes = [...changesIn(lease), ...unsent];
    this.storage.write((stores) => {
      stores.answers.delete(rangeOf(this.part));
      for (const { kind, item, value } of changes) stores.answers.put({ part: this.part, kind, item, value });
    });
    this.update(lease);
    this.keeping = keepPage(this.page, this.worker, this.ending.signal);
  }

  // The lease without its answers, which go their own way. The time of this device beside it says how old it is.
  update({ answers, flagged, chosen, notes, struck, ...lease }) {
    const record = { part: this.part, epoch: lease.epoch, lease, device: Date.now() };
    this.storage.write(({ parts }) => parts.put(record));
  }

  // Nothing of a closed part stays, but what has not been received: its changes, and the lease they are sent with.
  async forget() {
    this.ending.abort();
    await inTime(this.keeping).catch(() => {});
    await forgetPage(this.page);
    const unsent = (await this.storage.read("changes", this.part)) ?? [];
    const done = (await this.leases()).filter(({ epoch }) => !unsent.some((entry) => entry.epoch === epoch));
    this.storage.write(({ answers, parts }) => {
      answers.delete(rangeOf(this.part));
      for (const { part, epoch } of done) parts.delete([part, epoch]);
    });
    await this.storage.settled();
  }
}

function changesIn({ answers, flagged, chosen, notes, struck }) {
  return [
    ...Object.entries(answers).map(([item, value]) => ({ kind: "answer", item, value })),
    ...Object.entries(notes).map(([item, value]) => ({ kind: "note", item, value })),
    ...Object.entries(struck).map(([item, options]) => ({ kind: "strike", item, value: options.join(",") })),
    ...flagged.map((item) => ({ kind: "flag", item, value: "1" })),
    ...chosen.map((item) => ({ kind: "choose", item, value: "1" })),
  ];
}
