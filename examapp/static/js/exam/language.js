// The other language for the page's own words: the account's language changes, and the page is loaded again.

export class LanguageSwitch {
  constructor(form, { before, offline }) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      before();
      try {
        await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" });
        location.reload();
      } catch {
        offline();
      }
    });
  }
}
