// A draft saves itself: a few seconds after a change, one save at a time, and "saved" is said only when the server has
// answered. What was sent without an answer is sent again as it was, so that a lost answer is no conflict.

import { RETRY, answerOf, say, saveSoon, stopWaiting } from "./draft.js";

const PAUSE = 2000;

const form = document.getElementById("editor");
const conflict = document.getElementById("conflict");
const inShort = document.getElementById("in-short");
let changed = false;
let unanswered = null;
let inFlight = false;

async function save() {
  stopWaiting();
  if (inFlight || !(changed || unanswered) || !conflict.hidden) return;
  inFlight = true;
  if (!unanswered) {
    unanswered = new FormData(form);
    changed = false;
  }
  say(form.dataset.saving);
  let again = false;
  try {
    again = await take(await fetch(form.dataset.address, { method: "POST", body: unanswered, headers: { Accept: "application/json" } }));
  } catch {
    say(form.dataset.failed, true);
    saveSoon(save, RETRY);
  } finally {
    inFlight = false;
    if (again && changed) saveSoon(save, PAUSE);
  }
}

// Whether the text was taken: what was refused waits for the next change.
async function take(response) {
  const answer = await answerOf(response);
  unanswered = null;
  if (!answer) {
    changed = true;
    say(form.dataset.signedOut, true);
    return false;
  }
  if (response.ok) {
    form.elements.edit_count.value = answer.edit_count;
    for (const [name, id] of Object.entries(answer.stood)) form.elements[name].value = id;
    say(changed ? form.dataset.waiting : answer.saved);
  } else if (answer.conflict) {
    conflict.firstElementChild.textContent = answer.conflict;
    conflict.hidden = false;
    say("");
  } else {
    changed = true;
    say(answer.problem, true);
  }
  return response.ok;
}

function change() {
  changed = true;
  if (!inFlight && conflict.hidden && !unanswered) say(form.dataset.waiting);
  if (!unanswered) saveSoon(save, PAUSE);
}

form.addEventListener("input", change);
form.addEventListener("change", change);
form.addEventListener("submit", async (event) => {
  stopWaiting();
  if (inFlight) {
    // The button must name the save that is on its way, so it waits for it.
    event.preventDefault();
    setTimeout(() => form.requestSubmit(event.submitter), 100);
  } else if (unanswered) {
    event.preventDefault();
    await save();
    if (!unanswered) form.requestSubmit(event.submitter);
  } else {
    changed = false;
  }
});
window.addEventListener("beforeunload", (event) => {
  if (conflict.hidden && (changed || unanswered)) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save();
});

// The hints are drawn anew: what was open or chosen in them stays so, and the sentence is said only when it is another.
let kept = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  kept = [...event.target.querySelectorAll("details[open], #hints input:checked")].map((element) => element.id);
});
document.addEventListener("htmx:afterSwap", (event) => {
  for (const element of kept.map((id) => document.getElementById(id))) {
    if (element) element[element.tagName === "DETAILS" ? "open" : "checked"] = true;
  }
  const sentence = event.target.querySelector("[data-in-short]")?.dataset.inShort;
  if (sentence && inShort.textContent !== sentence) inShort.textContent = sentence;
});
