// How the page looks on this device: text size, spacing, colors, one question or all. Kept in this browser only.

const KEPT = "examapp-display";
const STANDARD = { size: "100", spacing: "normal", colors: "standard", all: false };

export class Settings {
  constructor(view, texts) {
    this.view = view;
    this.texts = texts;
    this.values = { ...STANDARD, ...read() };
    this.form = document.getElementById("display");
    this.toggle = document.getElementById("toggle-list");
    for (const name of ["size", "spacing", "colors"]) this.form.elements[name].value = this.values[name];
    this.form.addEventListener("change", ({ target }) => this.set({ [target.name]: target.value }));
    this.form.addEventListener("reset", () => this.set({ ...STANDARD, all: this.values.all }));
    this.toggle.addEventListener("click", () => {
      this.set({ all: !this.values.all });
      this.toggle.focus();
    });
    document.getElementById("open-settings").addEventListener("click", () => document.getElementById("settings").showModal());
    this.apply();
  }

  set(values) {
    Object.assign(this.values, values);
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.values));
    } catch {
      // a browser that keeps nothing: the settings hold until the page is closed
    }
    this.apply();
  }

  apply() {
    const { size, spacing, colors, all } = this.values;
    Object.assign(document.documentElement.dataset, { size, spacing, colors });
    this.toggle.querySelector("span").textContent = all ? this.texts.showOne : this.texts.showAll;
    if (all !== this.view.all) this.view.showAll(all);
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}
