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

// <form data-choices="Submit {n} …" data-one="Submit 1 …">: one tick for all on the page, and buttons that know what is
// ticked. The first counts the drafts; data-found stands for the whole list, on all its pages.
function countChoices(form) {
  const boxes = [...form.querySelectorAll("input[type=checkbox][name=code]")];
  const everything = form.querySelector("[data-found]")?.checked;
  const chosen = boxes.filter((box) => box.checked);
  const drafts = chosen.filter((box) => "draft" in box.dataset).length;
  const submit = form.querySelector("[data-counts-drafts]");
  if (submit) {
    if (everything) submit.textContent = submit.dataset.plain;
    else submit.textContent = drafts === 1 ? form.dataset.one : form.dataset.choices.replace("{n}", drafts);
    submit.disabled = drafts === 0 && !everything;
  }
  for (const button of form.querySelectorAll("[data-needs-choice]")) button.disabled = chosen.length === 0 && !everything;
  const all = form.querySelector("[data-choose-all]");
  all.hidden = false;
  all.querySelector("input").checked = chosen.length === boxes.length;
  all.querySelector("input").indeterminate = chosen.length > 0 && chosen.length < boxes.length;
}

function startChoices(root) {
  for (const form of root.querySelectorAll("form[data-choices]")) countChoices(form);
}

function choose(event) {
  const form = event.target.closest("form[data-choices]");
  if (!form) return;
  if (event.target.closest("[data-choose-all]")) {
    for (const box of form.querySelectorAll("input[type=checkbox][name=code]")) box.checked = event.target.checked;
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
