// Sends the queue to the log and says honestly how it stands. Only a receipt of the server counts as saved.

const HEARTBEAT = 15_000;
const PATIENCE = 20_000;
const RETRIES = [1000, 2000, 4000, 8000, 15_000];

export class Sync extends EventTarget {
  constructor(queue, clock) {
    super();
    this.queue = queue;
    this.clock = clock;
    this.failures = 0;
    this.stopped = true;
    this.typing = () => false; // whether something is on the page that is not in the queue yet
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => this.flush());
  }

  // The lease gives the addresses and the head of the log.
  start(lease, askedAt) {
    this.lease = lease;
    this.head = { after: lease.seq, chain: lease.chain };
    this.stopped = false;
    this.clock.synchronise(lease, askedAt);
    this.say("saved");
    this.flush();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  record(kind, item, value) {
    this.queue.add(kind, item, value);
    if (!this.failures) this.say("saving");
  }

  schedule(delay) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.flush(), delay);
  }

  // Sends everything; one request at a time. Resolves to true when nothing is left without a receipt.
  flush() {
    this.running ??= this.sendAll().finally(() => { this.running = undefined; });
    return this.running;
  }

  async sendAll() {
    do {
      if (this.stopped) return false;
      const goOn = await this.send();
      if (!goOn) return false;
    } while (this.queue.size);
    return true;
  }

  async send() {
    const batch = this.queue.batch();
    const events = batch.map(({ kind, item, value, client_ms }) => ({ kind, item, value, client_ms }));
    const askedAt = performance.now();
    const answer = await post(this.lease.log, { ...this.head, events });
    if (this.stopped) return false;
    if (answer.status === 200) {
      this.queue.remove(batch);
      this.head = { after: answer.body.seq, chain: answer.body.chain };
      return this.received(answer.body, askedAt);
    }
    if (answer.status === 409 && answer.body.reason === "gap") return this.replay(batch, answer.body);
    if (answer.status === 409) return this.end("lease");
    if (answer.status === 410) {
      if (answer.body.late) {
        this.queue.remove(batch);
        this.head.after += batch.length; // so that the next batch is numbered after this one, not over it
      }
      return answer.body.late && this.queue.size ? true : this.end("closed");
    }
    if ([400, 403, 404, 413].includes(answer.status)) return this.end("refused");
    this.failures += 1;
    this.since ??= this.clock.now();
    this.say("offline");
    this.schedule(RETRIES[Math.min(this.failures, RETRIES.length) - 1]);
    return false;
  }

  received(receipt, askedAt) {
    const wasOffline = this.failures > 0;
    this.failures = 0;
    this.since = undefined;
    this.clock.synchronise(receipt, askedAt);
    this.say(this.queue.size || this.typing() ? "saving" : "saved");
    if (wasOffline) this.dispatchEvent(new Event("recovered"));
    this.schedule(HEARTBEAT);
    return true;
  }

  // The server's place is another than this tab thought: what is stored leaves the queue, the rest follows from there.
  replay(batch, gap) {
    this.queue.remove(batch.slice(0, gap.stored));
    this.head = { after: gap.seq, chain: gap.chain };
    return true;
  }

  end(reason) {
    this.stop();
    this.dispatchEvent(new Event(reason));
    return false;
  }

  say(state) {
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}

// Status 0 stands for "no answer": no network, no patience, or a page where an answer of ours was expected.
export async function post(url, content, headers = {}) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(content),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.redirected) return { status: 401 };
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 0 };
  }
}
