// A picture for a text of the editor: chosen and described in a dialog, then its line stands where the cursor was.

const dialog = document.getElementById("picture-dialog");
const form = document.getElementById("picture-form");
const problem = document.getElementById("picture-problem");
const button = form.querySelector("button[type=submit]");
let text;

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-insert-picture]");
  if (!link) return;
  event.preventDefault();
  text = document.getElementById(link.dataset.insertPicture);
  form.reset();
  clear();
  dialog.showModal();
});

form.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => text.focus());

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clear();
  button.disabled = true;
  try {
    await take(await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } }));
  } catch {
    say(form.dataset.failed);
  } finally {
    button.disabled = false;
  }
});

async function take(response) {
  if (response.status === 413) return say(form.dataset.tooLarge);
  if (response.redirected || response.status === 400) return say(form.dataset.signedOut);
  const answer = await response.json();
  if (answer.errors) return Object.entries(answer.errors).reverse().forEach(([name, sentence]) => refuse(form.elements[name], sentence));
  dialog.close();
  insert(answer.line);
}

// As if it had been typed: the draft saves itself, and the hints are drawn anew.
function insert(line) {
  text.setRangeText(line, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function say(sentence) {
  problem.textContent = sentence;
  problem.hidden = false;
}

function refuse(field, sentence) {
  const error = document.createElement("div");
  error.className = "usa-error-message";
  error.id = `${field.id}-error`;
  error.textContent = `${form.dataset.error} ${sentence}`;
  field.before(error);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${field.id}-hint ${error.id}`);
  field.focus();
}

function clear() {
  problem.hidden = true;
  form.querySelectorAll("div.usa-error-message").forEach((error) => error.remove());
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
}
