// Pictures of the questions: each can be seen larger, and one that did not arrive is asked for again.

import { element } from "./elements.js";

// The wait doubles, and after twenty minutes nothing more is asked: what is refused stays refused.
const AGAIN = 5000;
const TRIES = 8;

export class Pictures {
  constructor(root) {
    this.dialog = root.querySelector("#enlarged");
    this.missing = new Map();
    for (const picture of root.querySelectorAll("img.item-picture")) {
      picture.addEventListener("error", () => this.later(picture));
      picture.addEventListener("load", () => this.missing.delete(picture));
      if (picture.complete && !picture.naturalWidth) this.later(picture);
      // In an option, pressing the picture chooses the option.
      if (!picture.closest("label")) this.makeLarger(picture);
    }
    window.addEventListener("online", () => this.startAgain());
  }

  later(picture) {
    const tries = this.missing.get(picture) ?? 0;
    this.missing.set(picture, tries + 1);
    if (tries < TRIES) setTimeout(() => ask(picture), AGAIN * 2 ** tries);
  }

  // Without a connection the tries were in vain.
  startAgain() {
    const missing = [...this.missing.keys()];
    this.missing.clear();
    missing.forEach(ask);
  }

  makeLarger(picture) {
    const button = element("button", { type: "button", className: "enlarge", title: this.dialog.dataset.enlarge });
    picture.replaceWith(button);
    button.append(picture);
    button.addEventListener("click", () => {
      this.dialog.querySelector("div").replaceChildren(element("img", { src: picture.src, alt: picture.alt }));
      this.dialog.showModal();
    });
  }
}

function ask(picture) {
  picture.src = picture.src;
}
