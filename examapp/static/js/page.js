// What every page needs and HTML alone cannot do. Each part finds its elements by a data attribute.

function focusErrorSummary(root) {
  root.querySelector("[data-focus]")?.focus();
}

// <p data-counter="id of the control" data-limit data-left data-over>: characters left, told politely after a pause.
function startCounters(root) {
  for (const counter of root.querySelectorAll("[data-counter]")) {
    const control = document.getElementById(counter.dataset.counter);
    if (!control) continue;
    let pause;
    const show = () => {
      const left = Number(counter.dataset.limit) - control.value.length;
      const sentence = left < 0 ? counter.dataset.over : counter.dataset.left;
      counter.textContent = sentence.replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang));
      counter.classList.toggle("counter-over", left < 0);
    };
    counter.setAttribute("aria-live", "polite");
    control.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(show, 400);
    });
    if (control.value) show();
  }
}

// <form data-unsaved="…">: the browser asks before the page is left with changes in it.
function guardUnsavedForms(root) {
  for (const form of root.querySelectorAll("form[data-unsaved]")) {
    let changed = false;
    form.addEventListener("input", () => (changed = true));
    form.addEventListener("submit", () => (changed = false));
    window.addEventListener("beforeunload", (event) => {
      if (changed) event.preventDefault();
    });
  }
}

// <form data-choices="Submit {n} …" data-one="Submit 1 …">: one tick for all, and a button that counts what is ticked.
function countChoices(form) {
  const boxes = [...form.querySelectorAll("input[type=checkbox][name]")];
  const count = boxes.filter((box) => box.checked).length;
  const button = form.querySelector("button[type=submit]");
  button.textContent = count === 1 ? form.dataset.one : form.dataset.choices.replace("{n}", count);
  button.disabled = count === 0;
  const all = form.querySelector("[data-choose-all]");
  all.hidden = false;
  all.querySelector("input").checked = count === boxes.length;
  all.querySelector("input").indeterminate = count > 0 && count < boxes.length;
}

function startChoices(root) {
  for (const form of root.querySelectorAll("form[data-choices]")) countChoices(form);
}

function choose(event) {
  const form = event.target.closest("form[data-choices]");
  if (!form) return;
  if (event.target.closest("[data-choose-all]")) {
    for (const box of form.querySelectorAll("input[type=checkbox][name]")) box.checked = event.target.checked;
  }
  countChoices(form);
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.account-menu[open]")) {
    const escaped = event.type === "keydown" && event.key === "Escape";
    if (escaped || (event.type === "click" && !menu.contains(event.target))) {
      menu.open = false;
      if (escaped) menu.querySelector("summary").focus();
    }
  }
}

function printOnRequest(event) {
  if (event.target.closest("[data-print]")) window.print();
}

focusErrorSummary(document);
startCounters(document);
guardUnsavedForms(document);
startChoices(document);
document.addEventListener("change", choose);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
document.addEventListener("click", printOnRequest);
document.addEventListener("htmx:afterSwap", (event) => startCounters(event.target));
document.addEventListener("htmx:load", (event) => startChoices(event.detail.elt.parentElement));
