// A draft is saved at every change; the page says "Saved" only when the server has answered with a receipt.

const PAUSE = 600;
const RETRY = 5000;

const form = document.getElementById("rating");
const receipt = document.getElementById("receipt");
let timer;
let changed = false;
let inFlight = false;

function say(text, problem = false) {
  receipt.textContent = text;
  receipt.classList.toggle("receipt-problem", problem);
}

function saveSoon(delay) {
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

// One save at a time, because each names the receipt of the one before.
async function save() {
  if (inFlight || !changed) return;
  inFlight = true;
  changed = false;
  say(form.dataset.saving);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    await take(response);
  } catch {
    changed = true;
    say(form.dataset.failed, true);
    saveSoon(RETRY);
  } finally {
    inFlight = false;
    if (changed) saveSoon(PAUSE);
  }
}

async function take(response) {
  const isReceipt = response.headers.get("Content-Type")?.includes("application/json") && !response.redirected;
  if (!isReceipt && response.status >= 500) throw new Error("server");
  if (!isReceipt) {
    say(form.dataset.signedOut, true);
    return;
  }
  const answer = await response.json();
  if (response.ok) {
    form.elements.version.value = answer.version;
    say(answer.saved);
  } else {
    say(answer.problem, true);
  }
}

form.addEventListener("input", (event) => {
  changed = true;
  saveSoon(event.target.type === "radio" ? 0 : PAUSE);
});
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (inFlight) {
    // The button must name the receipt that is on its way, so it waits for it.
    event.preventDefault();
    setTimeout(() => form.requestSubmit(event.submitter), 100);
    return;
  }
  changed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (changed || inFlight) event.preventDefault();
});
