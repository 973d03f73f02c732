// The exam page: takes the lease, shows the part, and lets every change go through the queue to the log.

import { Answers } from "./answers.js";
import { Clock } from "./clock.js";
import { fill } from "./elements.js";
import { Essays } from "./essay.js";
import { Frame } from "./frame.js";
import { Kept } from "./kept.js";
import { Keys } from "./keys.js";
import { LanguageSwitch } from "./language.js";
import { acquire, tabName } from "./lease.js";
import { QuestionMap } from "./map.js";
import { Notes } from "./notes.js";
import { Options } from "./options.js";
import { Pictures } from "./pictures.js";
import { Queue } from "./queue.js";
import { Review } from "./review.js";
import { Room } from "./room.js";
import { Settings } from "./settings.js";
import { ShortTexts } from "./short-text.js";
import { Storage } from "./storage.js";
import { Sync } from "./sync.js";
import { Translation } from "./translation.js";
import { View } from "./view.js";
import { Writing } from "./writing.js";

const TYPING_INTERVAL = 1500; // a text being typed is sent at most this often; it is kept on the device meanwhile
const AGAIN = 3000;
const HASTE = 5000; // how long a page that can go on by itself waits for the lease
const JUST_NOW = 45_000;

const root = document.getElementById("exam");
const held = document.getElementById("held");
const texts = JSON.parse(document.getElementById("exam-texts").textContent);
const storage = await new Storage().open();
const kept = new Kept(root.dataset, storage);
const queue = new Queue(root.dataset.key, storage);
const holder = await tabName((await kept.leases()).at(-1)?.lease.holder);
const clock = new Clock();
const sync = new Sync(queue, clock);
const answers = new Answers();
const view = new View(root, texts, answers);
new Translation(view);
const map = new QuestionMap(view, texts);
const options = new Options(view, texts, answers);
const review = new Review(view, texts, answers);
const writing = new Writing(view, answers);
const frame = new Frame(root, texts, clock);
const room = new Room({ root, texts, frame, clock, sync, beforeCover: () => writing.commit() });
new Essays(view, texts, writing);
new ShortTexts(view, texts, writing);
new Notes(view, writing);
new Settings(view, texts);
new Keys(view, map, frame);
new Pictures(root);
new LanguageSwitch(document.getElementById("language"), {
  before: () => writing.commit(),
  offline: () => frame.notice("info", texts.languageOffline),
});
let timeIsUp = false;
let triedSince;

// Beginning

async function begin(takeOver) {
  const mine = await ownLease();
  const askedAt = performance.now();
  const answer = await acquire(root, holder, takeOver, mine && HASTE);
  if (answer.status === 200) return write(answer.body, askedAt);
  if (answer.status === 409) return showHeld(answer.body);
  if (answer.status === 410) return leave();
  if (answer.status === 403 && answer.body?.reason === "entry") return location.assign(answer.body.next);
  if (mine && !takeOver) return goOn(mine); // the token is enough to write, with or without a connection or a sign-in
  if (answer.status === 401 || answer.page === 400) return location.reload(); // signed out meanwhile: it leads back here
  triedSince ??= clock.now();
  showState("offline", triedSince);
  setTimeout(() => begin(takeOver), AGAIN);
}

async function ownLease() {
  const last = (await kept.leases()).at(-1);
  return last?.lease.holder === holder ? last : undefined;
}

async function write(lease, askedAt) {
  const before = (await kept.leases()).find(({ epoch }) => epoch === lease.epoch);
  const orphans = await queue.load(lease.epoch);
  answers.load(lease);
  // From where this device knows the log: so the server tells changes that it has already from new ones.
  const { seq, chain } = queue.size && before ? before.lease : lease;
  kept.begin({ ...lease, seq, chain }, queue.entries);
  show(lease, () => clock.synchronise(lease, askedAt));
  sync.start({ ...lease, seq, chain }, true);
  room.takeStop(lease);
  room.follow(lease);
  await adopt(orphans);
}

// A reload without a connection: everything as this device kept it.
async function goOn({ lease, device }) {
  await queue.load(lease.epoch);
  answers.load({ answers: {}, flagged: [], chosen: [], notes: {}, struck: {} });
  for (const change of await kept.changes()) answers.apply(change);
  show(lease, () => clock.restore(lease, device));
  sync.start(lease, false);
  room.takeStop(lease);
}

function show({ order }, setClock) {
  for (const entry of queue.entries) answers.apply(entry);
  options.arrange(order ?? {});
  held.hidden = true;
  root.hidden = false;
  frame.clearNotice();
  timeIsUp = false;
  view.lock(false);
  writing.fill();
  view.show(view.at, false);
  setClock();
  if (clock.stopped) room.cover();
  if (!storage.safe) frame.notice("warning", texts.notDurable, undefined, "storage");
  tellTooLong();
}

// Changes made here under another lease and never saved: taken over when the candidate says so, or when they say the same.
async function adopt(orphans) {
  const last = new Map(orphans.map((entry) => [`${entry.kind} ${entry.item}`, entry]));
  const different = [...last.values()].filter((entry) => answers.value(entry.kind, entry.item) !== entry.value);
  const useMine = different.length > 0 && (await askAbout(different));
  if (useMine) for (const { kind, item, value } of different) change(kind, item, value);
  queue.remove(orphans);
  writing.fill();
  view.refresh();
}

function askAbout(entries) {
  return frame.askAboutKept(entries.map((entry) => {
    const screen = view.screenOf(entry.item);
    return fill(texts.keptChanges, { item: screen ? view.nameOf(screen) : entry.item, value: inWords(entry) });
  }));
}

function inWords({ kind, item, value }) {
  if (kind === "flag") return value ? texts.flagged : texts.notFlagged;
  if (kind === "choose") return value ? texts.chosen : texts.notChosen;
  if (kind === "strike") return `${texts.struck}: ${options.lettersOf(item, value) || texts.none}`;
  if (kind === "note") return `${texts.note}: ${value.slice(0, 200).trim() || texts.nothing}`;
  return options.inWords(item, value) || texts.nothing;
}

// Another window or device has the lease: when it was last heard of, and what it still kept then.
function showHeld({ last_seen: lastSeen, unsent, now } = {}) {
  held.hidden = false;
  if (lastSeen) {
    frame.showState("elsewhere");
    const time = frame.minute.format(new Date(lastSeen));
    const heard = Date.parse(now) - Date.parse(lastSeen) < JUST_NOW;
    const text = unsent ? texts[heard ? "heldUnsent" : "heldSilentUnsent"] : texts[heard ? "heldSaved" : "heldSilent"];
    document.getElementById("held-other").textContent = fill(text, { time, count: unsent });
  }
  document.getElementById("held-own").textContent = queue.size ? fill(texts.heldOwn, { count: queue.size }) : "";
  held.querySelector("h2").focus();
}

// Writing

function change(kind, item, value) {
  answers.apply({ kind, item, value });
  sync.record(kind, item, value);
  view.refresh();
  const typing = (kind === "answer" && view.isTyped(item)) || kind === "note";
  if (sync.failures === 0) sync.sendWithin(typing && !timeIsUp ? TYPING_INTERVAL : 0);
  else showState("offline");
  tellTooLong();
}

function showState(state, since = sync.since) {
  const shown = state === "saved" && queue.tooLong.length ? "tooLong" : state;
  frame.showState(shown, { count: queue.size, since, safe: storage.safe });
}

function tellTooLong() {
  frame.tellTooLong(queue.tooLong, (item) => view.screenOf(item), () => frame.downloadButton(queue));
}

// Ending

async function leave() {
  sync.stop();
  await kept.forget();
  location.assign(root.dataset.after);
}

// The sign-in has ended while the candidate wrote: the part is handed in all the same, and the page says so itself.
async function leaveSignedOut() {
  sync.stop();
  await kept.forget();
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  root.remove();
  document.getElementById("handed").hidden = false;
  document.querySelector("#handed h2").focus();
}

// Ends when the server says so, never by the clock of this page.
async function close(why) {
  writing.commit();
  const saved = await sync.flush();
  if (!saved) return sync.stopped;
  const askedAt = performance.now();
  const answer = await sync.post(sync.lease.close, { time_is_up: why === "time" });
  if (answer.status === 200) await (answer.body.signed_in ? leave() : leaveSignedOut());
  if (answer.status === 409 && answer.body.deadline) clock.synchronise(answer.body, askedAt);
  return answer.status !== 0;
}

sync.addEventListener("state", (event) => showState(event.detail));
sync.addEventListener("receipt", () => {
  kept.update(sync.lease);
  room.follow(sync.lease);
});
sync.addEventListener("late", () => kept.update(sync.lease));
sync.addEventListener("toolong", tellTooLong);
sync.addEventListener("recovered", () => frame.notice("success", texts.backOnline));
sync.addEventListener("lease", () => {
  writing.commit();
  view.lock(true);
  document.getElementById("confirm-close").close();
  frame.clearNotice();
  showState("readOnly");
  room.show();
  showHeld();
});
sync.addEventListener("closed", leave);
sync.addEventListener("refused", () => {
  showState("refused");
  frame.notice("error", texts.refused, frame.downloadButton(queue));
});

storage.addEventListener("trouble", () => {
  frame.notice("warning", texts.notDurable, undefined, "storage");
  if (sync.failures) showState("offline");
});
storage.addEventListener("recovered", () => {
  frame.clearNotice("storage");
  frame.notice("success", texts.durableAgain);
  if (sync.failures) showState("offline");
});
window.addEventListener("beforeunload", (event) => {
  if (!storage.safe && queue.size) event.preventDefault();
});

clock.addEventListener("moved", () => {
  if (!timeIsUp) return;
  timeIsUp = false;
  view.lock(false);
});
clock.addEventListener("up", async () => {
  if (sync.stopped || sync.readOnly || clock.closing) return;
  clock.closing = true;
  if (!timeIsUp) {
    timeIsUp = true;
    writing.commit();
    view.lock(true);
    frame.notice("info", texts.timeUp);
  }
  const reached = await close("time");
  if (!reached) frame.notice("warning", fill(texts.timeUpOffline, { count: queue.size }), frame.downloadButton(queue));
  setTimeout(() => { clock.closing = false; }, AGAIN);
});

sync.typing = () => writing.pending;
view.addEventListener("typing", () => sync.sayUnsaved());
view.addEventListener("untyped", () => sync.flush()); // nothing has changed after all: let the state say so
view.addEventListener("change", ({ detail: { kind, item, value } }) => change(kind, item, value));
document.addEventListener("visibilitychange", () => writing.commit());
window.addEventListener("pagehide", () => writing.commit());
document.getElementById("take-over").addEventListener("click", () => begin(true));
document.getElementById("hand-in").addEventListener("click", () => {
  writing.commit();
  const tooLong = [...new Set(queue.tooLong.map(({ item }) => view.screenOf(item)))];
  frame.confirmClose(review.summary(), review.lines([[texts.tooLongTitle, tooLong]]), async () => {
    if (!(await close("candidate"))) frame.closeFailed(texts.closeOffline);
  });
});

begin(false);
