// Typing in an answer sheet: one key for each question, and a draft that is kept with every change.

const PAUSE = 800;

const form = document.querySelector("form.sheet");
const status = form.querySelector("[data-status]");
const places = [...form.querySelectorAll("[data-place]")];
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium" });
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_match, name) => values[name]);

function count() {
  const told = form.querySelector("[data-answered]");
  if (!told) return;
  told.textContent = fill(told.dataset.answered, { n: places.filter((input) => input.value).length, total: places.length });
}

function put(input, value) {
  if (input.value === value) return;
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function go(input, steps) {
  const next = places[places.indexOf(input) + steps];
  next?.focus();
  next?.select();
}

const STEPS = { ArrowDown: 1, ArrowRight: 1, Enter: 1, ArrowUp: -1, ArrowLeft: -1 };

function type(event) {
  const input = event.target.closest("[data-place]");
  if (!input || event.ctrlKey || event.altKey || event.metaKey) return;
  const key = event.key.toUpperCase();
  if (!("letters" in input.dataset)) { // several letters, or words
    if (event.key !== "Enter") return;
    go(input, 1);
  } else if (event.key in STEPS) go(input, STEPS[event.key]);
  else if (event.key === "Backspace") { if (input.value) put(input, ""); else go(input, -1); }
  else if (event.key === " " || input.dataset.letters.includes(key)) { put(input, event.key === " " ? "" : key); go(input, 1); }
  else if (event.key.length > 1) return; // Tab and the like
  event.preventDefault();
}

// The draft: kept a moment after the last change, one request at a time.
let waiting;
let saving = Promise.resolve();
let kept = true;

async function keep() {
  kept = true;
  const body = new FormData(form);
  body.set("deed", "draft");
  try {
    const response = await fetch(location.href, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
    const said = await response.json();
    kept &&= response.ok;
    status.textContent = said.refused ?? fill(status.dataset.saved, { time: clock.format(Date.parse(said.saved)) });
  } catch {
    kept = false;
    status.textContent = status.dataset.lost;
  }
}

function change() {
  count();
  if (!("draft" in form.dataset)) return;
  kept = false;
  clearTimeout(waiting);
  waiting = setTimeout(() => { saving = saving.then(keep); }, PAUSE);
}

form.addEventListener("keydown", type);
form.addEventListener("focusin", (event) => event.target.closest("[data-place]")?.select());
form.addEventListener("input", change);
form.addEventListener("submit", () => {
  clearTimeout(waiting);
  kept = true;
});
addEventListener("beforeunload", (event) => { if (!kept) event.preventDefault(); });
count();
