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
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
document.addEventListener("click", printOnRequest);
document.addEventListener("htmx:afterSwap", (event) => startCounters(event.target));
