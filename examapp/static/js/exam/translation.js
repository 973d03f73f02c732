// The questions in the other language, where the part has both. Both are on the page, so this takes no connection and
// changes nothing that is saved: answers are saved by option.

export class Translation {
  constructor(view) {
    this.view = view;
    this.key = `${view.root.dataset.key} language`;
    this.buttons = [...view.root.querySelectorAll("[data-language]")];
    for (const button of this.buttons) button.addEventListener("click", () => this.choose(button.lang));
    if (this.buttons.length) this.show(this.chosen ?? document.documentElement.lang);
  }

  // What this tab chose before a reload.
  get chosen() {
    return sessionStorage.getItem(this.key);
  }

  choose(language) {
    sessionStorage.setItem(this.key, language);
    this.show(language);
    this.view.refresh();
  }

  show(language) {
    const { root, screens } = this.view;
    root.dataset.language = language;
    for (const text of root.querySelectorAll("[data-said]")) text.hidden = text.lang !== language;
    for (const button of this.buttons) button.setAttribute("aria-pressed", button.lang === language);
    for (const screen of screens.filter(({ dataset }) => dataset.title)) {
      screen.dataset.title = screen.querySelector(".screen-title [data-said]:not([hidden])").textContent;
    }
  }
}
