// Sends the queue to the log and says honestly how it stands. Only a receipt of the server counts as saved.

const HEARTBEAT = 15_000;
const READ_ONLY_HEARTBEAT = 30_000;
const PATIENCE = 20_000;
const RETRIES = [1000, 2000, 4000, 8000, 15_000];

export class Sync extends EventTarget {
  constructor(queue, clock) {
    super();
    this.queue = queue;
    this.clock = clock;
    this.failures = 0;
    this.stopped = true;
    this.sentAt = -Infinity; // when changes were last on their way
    this.dueAt = Infinity; // when the next request goes out by itself
    this.typing = () => false; // whether something is on the page that is not in the queue yet
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => this.flush());
  }

  // The lease gives the token, the addresses and the head of the log. A fresh one is as good as a receipt.
  start(lease, fresh) {
    this.lease = lease;
    this.stopped = this.readOnly = false;
    this.failures = 0;
    this.since = undefined;
    if (!fresh || this.queue.sendable.length) {
      this.flush();
    } else {
      this.say("saved");
      this.schedule(HEARTBEAT);
    }
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  // What is asked under the lease shows its token in a header: what stands in an address ends in logs and histories.
  get headers() {
    return { Authorization: `Bearer ${this.lease.token}` };
  }

  get(url) {
    return ask(url, { headers: this.headers });
  }

  post(url, content) {
    return post(url, content, { headers: this.headers });
  }

  record(kind, item, value) {
    this.queue.add(kind, item, value);
    this.sayUnsaved();
  }

  schedule(delay) {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.dueAt = performance.now() + delay;
    this.timer = setTimeout(() => this.flush(), delay);
  }

  // Sends what waits, at most once in this time. A request that is due earlier stays due.
  sendWithin(interval) {
    const due = Math.max(performance.now(), this.sentAt + interval);
    if (due < this.dueAt) this.schedule(due - performance.now());
  }

  // Sends everything; one request at a time. Resolves to true when nothing is left that the server would take.
  flush() {
    this.dueAt = Infinity;
    this.running ??= this.sendAll().finally(() => { this.running = undefined; });
    return this.running;
  }

  async sendAll() {
    do {
      if (this.stopped) return false;
      // Another tab of this browser writes now, and may have taken over what was kept here.
      if (this.readOnly) await this.queue.load(this.lease.epoch);
      const goOn = await this.send();
      if (!goOn) return false;
    } while (this.queue.sendable.length);
    return true;
  }

  async send() {
    const batch = this.queue.batch();
    if (batch.length) this.sentAt = performance.now();
    const events = batch.map(({ kind, item, value, client_ms }) => ({ kind, item, value, client_ms }));
    const askedAt = performance.now();
    const answer = await this.post(this.lease.log, {
      after: this.lease.seq,
      chain: this.lease.chain,
      events,
      unsent: this.queue.size - batch.length,
      client_ms: Math.round(Date.now()), // the log takes whole numbers only
    });
    if (this.stopped) return false;
    if (answer.status === 200) return this.received(batch, answer.body, askedAt);
    if (answer.status === 409) return answer.body.reason === "gap" ? this.replay(batch, answer.body) : this.loseLease();
    if (answer.status === 410) return this.tooLate(batch, answer.body);
    if (answer.status === 413 || answer.page === 413) return this.tooLarge(batch, answer.body?.item);
    if ([400, 403, 404].includes(answer.status)) return this.end("refused");
    return this.fail();
  }

  received(batch, receipt, askedAt) {
    const wasOffline = this.failures > 0;
    this.queue.remove(batch);
    this.failures = 0;
    this.since = undefined;
    Object.assign(this.lease, receipt);
    this.clock.synchronise(receipt, askedAt);
    this.dispatchEvent(new Event("receipt"));
    if (!this.readOnly) this.say(this.queue.sendable.length || this.typing() ? "saving" : "saved");
    if (wasOffline) this.dispatchEvent(new Event("recovered"));
    this.schedule(HEARTBEAT);
    return true;
  }

  // The server's place is another than this tab thought: what is stored leaves the queue, the rest follows from there.
  replay(batch, gap) {
    this.queue.remove(batch.slice(0, gap.stored));
    Object.assign(this.lease, { seq: gap.seq, chain: gap.chain });
    return true;
  }

  // Another tab or device writes. What is here stays; should the part be closed meanwhile, it is sent as late.
  loseLease() {
    const news = !this.readOnly;
    this.readOnly = true;
    if (news) this.dispatchEvent(new Event("lease"));
    this.schedule(READ_ONLY_HEARTBEAT);
    return false;
  }

  tooLate(batch, answer) {
    if (answer.late) {
      this.queue.remove(batch);
      this.lease.seq += batch.length; // so that the next batch is numbered after this one, not over it
      this.dispatchEvent(new Event("late"));
    }
    return answer.late && this.queue.sendable.length ? true : this.end("closed");
  }

  tooLarge(batch, item) {
    this.queue.refuse(batch, item);
    this.dispatchEvent(new Event("toolong"));
    if (!this.queue.sendable.length) this.schedule(0);
    return true;
  }

  fail() {
    this.failures += 1;
    this.since ??= this.clock.now();
    if (!this.readOnly) this.say("offline");
    // Not all at the same moment, when a server comes back to thousands.
    this.schedule(RETRIES[Math.min(this.failures, RETRIES.length) - 1] * (0.75 + Math.random() / 2));
    return false;
  }

  end(reason) {
    this.stop();
    this.dispatchEvent(new Event(reason));
    return false;
  }

  // Something is on the page that has no receipt. Trouble that is told already stays told.
  sayUnsaved() {
    if (!this.failures && !this.stopped) this.say("saving");
  }

  say(state) {
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}

// Status 0 stands for "no answer": no network, no patience, or a page where an answer of ours was expected; then `page`
// is its status.
export async function post(url, content, { headers = {}, patience } = {}) {
  return ask(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(content),
    patience,
  });
}

async function ask(url, { patience = PATIENCE, ...options }) {
  try {
    const response = await fetch(url, { ...options, signal: AbortSignal.timeout(patience) });
    if (response.redirected) return { status: 401 };
    const body = await response.json().catch(() => null);
    return body ? { status: response.status, body } : { status: 0, page: response.status };
  } catch {
    return { status: 0 };
  }
}
