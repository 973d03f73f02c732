// Pictures of the questions: each can be seen larger, and one that did not arrive is asked for again.

import { element } from "./elements.js";

const AGAIN = 5000;

export class Pictures {
  constructor(root) {
    this.dialog = root.querySelector("#enlarged");
    for (const picture of root.querySelectorAll("img.item-picture")) {
      picture.addEventListener("error", () => later(picture));
      if (picture.complete && !picture.naturalWidth) later(picture);
      // In an option, pressing the picture chooses the option.
      if (!picture.closest("label")) this.makeLarger(picture);
    }
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

function later(picture) {
  setTimeout(() => { picture.src = picture.src; }, AGAIN);
}
