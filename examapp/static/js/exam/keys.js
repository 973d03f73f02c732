// Shorter ways for the keyboard, all with Alt (Option on a Mac), which no screen reader takes for itself.

export class Keys {
  constructor(view, map, frame) {
    const current = () => view.screens[view.at];
    this.deeds = {
      KeyT: () => frame.sayTime(),
      KeyN: () => view.next(),
      KeyP: () => view.previous(),
      KeyM: () => map.goThere(),
      KeyG: () => { if (current() && !view.locked) view.flag(current()); },
      KeyR: () => view.showReview(),
      KeyK: () => document.getElementById("keys").showModal(),
    };
    this.root = view.root;
    document.addEventListener("keydown", (event) => this.pressed(event));
    document.getElementById("open-keys").addEventListener("click", () => this.deeds.KeyK());
  }

  pressed(event) {
    const { altKey, ctrlKey, metaKey, shiftKey, code } = event;
    if (!altKey || ctrlKey || metaKey || shiftKey || !(code in this.deeds)) return;
    event.preventDefault();
    const covered = this.root.hidden || !this.root.isConnected || document.querySelector("dialog[open]");
    if (!covered || code === "KeyT") this.deeds[code]();
  }
}
