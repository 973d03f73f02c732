// The exam page: takes the lease, shows the part, and lets every change go through the queue to the log.

import { Answers } from "./answers.js";
import { Clock } from "./clock.js";
import { Essays } from "./essay.js";
import { Frame } from "./frame.js";
import { acquire, tabName } from "./lease.js";
import { Queue } from "./queue.js";
import { Sync, post } from "./sync.js";
import { View, fill } from "./view.js";

const TYPING_INTERVAL = 4000; // a text being typed is sent at most this often; it is kept on the device meanwhile

const root = document.getElementById("exam");
const held = document.getElementById("held");
const texts = JSON.parse(document.getElementById("exam-texts").textContent);
const holder = await tabName();
const queue = new Queue(root.dataset.key);
const clock = new Clock();
const sync = new Sync(queue, clock);
const answers = new Answers();
const view = new View(root, texts, answers);
const essays = new Essays(view, texts, answers);
const frame = new Frame(root, texts, clock);
let timeIsUp = false;
let lastTyped = 0;

async function begin(takeOver) {
  const askedAt = performance.now();
  const answer = await acquire(root, holder, takeOver);
  if (answer.status === 200) return write(answer.body, askedAt);
  if (answer.status === 409) return showHeld();
  if (answer.status === 410) return leave();
  if (answer.status === 401) return location.reload(); // signed out meanwhile: the sign-in leads back here
  frame.showState("offline", 0, Date.now());
  setTimeout(() => begin(takeOver), 3000);
}

async function write(lease, askedAt) {
  const orphans = await queue.load(lease.epoch);
  held.hidden = true;
  root.hidden = false;
  frame.clearNotice();
  answers.load(lease);
  for (const entry of queue.entries) answers.apply(entry);
  view.lock(false);
  essays.fill();
  view.show(view.at, false);
  sync.start(lease, askedAt);
  if (!queue.durable) frame.notice("warning", texts.notDurable);
  await adopt(orphans);
}

// Changes made here under another lease and never saved: taken over when the candidate says so, or when they say the same.
async function adopt(orphans) {
  const last = new Map(orphans.map((entry) => [`${entry.kind} ${entry.item}`, entry]));
  const different = [...last.values()].filter((entry) => answers.value(entry.kind, entry.item) !== entry.value);
  const useMine = different.length > 0 && (await ask(different));
  if (useMine) for (const { kind, item, value } of different) change(kind, item, value);
  queue.remove(orphans);
  essays.fill();
  view.refresh();
}

function ask(entries) {
  return frame.askAboutKept(entries.map(({ kind, item, value }) => {
    const shown = kind === "answer" ? value.slice(0, 200).trim() || texts.nothing : texts[kind === "flag" ? "flagged" : "chosen"];
    return fill(texts.keptChanges, { item: view.nameOfItem(item), value: shown });
  }));
}

function change(kind, item, value) {
  answers.apply({ kind, item, value });
  sync.record(kind, item, value);
  essays.refresh();
  view.refresh();
  const typing = kind === "answer" && root.dataset.kind === "essay";
  const wait = typing && !timeIsUp ? Math.max(0, lastTyped + TYPING_INTERVAL - performance.now()) : 0;
  if (typing) lastTyped = performance.now() + wait;
  if (sync.failures === 0) sync.schedule(wait);
  else frame.showState("offline", queue.size, sync.since);
}

function showHeld() {
  held.hidden = false;
  held.querySelector("h2").focus();
}

function leave() {
  location.assign(root.dataset.after);
}

// Ends when the server says so, never by the clock of this page.
async function close(why) {
  essays.commit();
  const saved = await sync.flush();
  if (!saved) return sync.stopped;
  const askedAt = performance.now();
  const answer = await post(sync.lease.close, { time_is_up: why === "time" });
  if (answer.status === 200) leave();
  if (answer.status === 409 && answer.body.deadline) clock.synchronise(answer.body, askedAt);
  return answer.status !== 0;
}

sync.addEventListener("state", (event) => frame.showState(event.detail, queue.size, sync.since));
sync.addEventListener("recovered", () => frame.notice("success", texts.backOnline));
sync.addEventListener("lease", () => {
  view.lock(true);
  frame.clearNotice();
  frame.showState("readOnly");
  showHeld();
});
sync.addEventListener("closed", leave);
sync.addEventListener("refused", () => {
  frame.showState("refused");
  frame.notice("error", texts.refused, frame.downloadButton(queue));
});

clock.addEventListener("moved", () => {
  if (!timeIsUp) return;
  timeIsUp = false;
  view.lock(false);
});
clock.addEventListener("up", async () => {
  if (sync.stopped || clock.closing) return;
  clock.closing = true;
  if (!timeIsUp) {
    timeIsUp = true;
    essays.commit();
    view.lock(true);
    frame.notice("info", texts.timeUp);
  }
  const reached = await close("time");
  if (!reached) frame.notice("warning", fill(texts.timeUpOffline, { count: queue.size }), frame.downloadButton(queue));
  setTimeout(() => { clock.closing = false; }, 3000);
});

sync.typing = () => essays.typedSince.size > 0;
view.addEventListener("typing", () => { if (!sync.failures) sync.say("saving"); });
view.addEventListener("untyped", () => sync.flush()); // nothing has changed after all: let the state say so
view.addEventListener("change", ({ detail: { kind, item, value } }) => change(kind, item, value));
document.addEventListener("visibilitychange", () => essays.commit());
window.addEventListener("pagehide", () => essays.commit());
document.getElementById("take-over").addEventListener("click", () => begin(true));
document.getElementById("hand-in").addEventListener("click", () => {
  essays.commit();
  const lists = [];
  const add = (title, screens) => { if (screens.length) lists.push([`${title}: `, view.named(screens, view.namesOf(screens))]); };
  add(texts.missing, view.missing());
  add(texts.flaggedTitle, view.flaggedScreens());
  const summary = fill(texts.summary, { answered: view.answeredCount(), expected: root.dataset.expected });
  frame.confirmClose(summary, lists, async (event) => {
    event.target.disabled = true;
    if (!(await close("candidate"))) frame.closeFailed();
  });
});

begin(false);
