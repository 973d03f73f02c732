// A draft is saved at every change; the page says "Saved" only when the server has answered with a receipt.

import { RETRY, answerOf, say, saveSoon, stopWaiting } from "./draft.js";

const PAUSE = 600;

const form = document.getElementById("rating");
const conflict = document.getElementById("conflict");
const unsure = []; // what was sent since the last receipt: any of it may have arrived
let changed = false;
let inFlight = false;

// Two readings are the same when levels and comment are.
function fingerprint(levels, comment) {
  return JSON.stringify([Object.entries(levels).map(([code, level]) => `${code} ${level}`).sort(), comment.replaceAll("\r\n", "\n")]);
}

function fingerprintOfForm(data) {
  const levels = [...data].filter(([name]) => name.startsWith("level-"));
  return fingerprint(Object.fromEntries(levels.map(([name, level]) => [name.replace("level-", ""), level])), data.get("comment"));
}

// One save at a time, because each names the receipt of the one before.
async function save() {
  if (inFlight || !changed || !conflict.hidden) return;
  inFlight = true;
  changed = false;
  say(form.dataset.saving);
  const body = new FormData(form);
  unsure.push(fingerprintOfForm(body));
  try {
    await take(await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }));
  } catch {
    changed = true;
    say(form.dataset.failed, true);
    saveSoon(save, RETRY);
  } finally {
    inFlight = false;
    if (changed) saveSoon(save, PAUSE);
  }
}

async function take(response) {
  const answer = await answerOf(response);
  if (!answer) {
    unsure.pop();
    say(form.dataset.signedOut, true);
    return;
  }
  if (response.ok) {
    unsure.length = 0;
    form.elements.version.value = answer.version;
    say(answer.saved);
  } else if (answer.stored) {
    goOnFrom(answer.stored);
  } else {
    unsure.pop();
    say(answer.problem, true);
  }
}

// The server holds something newer than the last receipt. If this page sent it, only the receipt was lost; if not, the
// rater decides which counts.
function goOnFrom(stored) {
  const ours = unsure.slice(0, -1).includes(fingerprint(stored.levels, stored.comment));
  unsure.length = 0;
  changed = ours;
  form.elements.version.value = stored.version;
  if (ours) return;
  say("");
  conflict.hidden = false;
  conflict.focus();
}

document.getElementById("use-mine").addEventListener("click", () => {
  conflict.hidden = true;
  changed = true;
  save();
});
form.addEventListener("input", (event) => {
  changed = true;
  saveSoon(save, event.target.type === "radio" ? 0 : PAUSE);
});
form.addEventListener("submit", async (event) => {
  stopWaiting();
  if (conflict.hidden && !inFlight && !unsure.length) {
    changed = false;
    return;
  }
  event.preventDefault();
  if (!conflict.hidden) {
    conflict.focus();
  } else if (inFlight) {
    // The button must name the receipt that is on its way, so it waits for it.
    setTimeout(() => form.requestSubmit(event.submitter), 100);
  } else {
    changed = true;
    await save();
    if (conflict.hidden && !unsure.length) form.requestSubmit(event.submitter);
  }
});
window.addEventListener("beforeunload", (event) => {
  if (conflict.hidden && (changed || inFlight)) event.preventDefault();
});
