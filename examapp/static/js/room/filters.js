// Which candidates are shown, and in which order. What was chosen is kept for this room until the window is closed.

const find = (id) => document.getElementById(id);
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

export class Filters {
  constructor(room, onChange) {
    this.key = room.dataset.key;
    this.buttons = [...find("counts").querySelectorAll("button")];
    this.states = this.buttons.map((button) => button.dataset.show);
    this.chosen = { show: "", search: "", order: "urgency", ...JSON.parse(sessionStorage.getItem(this.key) ?? "{}") };
    find("search").value = this.chosen.search;
    find("order").value = this.chosen.order;
    const choose = (changes) => {
      Object.assign(this.chosen, changes);
      sessionStorage.setItem(this.key, JSON.stringify(this.chosen));
      this.mark();
      onChange();
    };
    find("search").addEventListener("input", (event) => choose({ search: event.target.value }));
    find("order").addEventListener("change", (event) => choose({ order: event.target.value }));
    find("counts").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) choose({ show: button.dataset.show });
    });
    this.mark();
  }

  mark() {
    for (const button of this.buttons) button.setAttribute("aria-pressed", button.dataset.show === this.chosen.show);
  }

  // How many are in each state, on the buttons; one that nobody is in is left out unless it is chosen.
  count(seats) {
    for (const button of this.buttons) {
      const number = seats.filter((seat) => this.isIn(seat, button.dataset.show)).length;
      button.querySelector("b").textContent = number;
      button.hidden = number === 0 && button.dataset.show !== "" && button.dataset.show !== this.chosen.show;
    }
  }

  isIn(seat, show) {
    return show === "" || (show === "odd" ? seat.anomalies.length > 0 : seat.state === show);
  }

  shows(seat) {
    const words = plain(this.chosen.search).split(/\s+/);
    return this.isIn(seat, this.chosen.show) && words.every((word) => plain(`${seat.name} ${seat.code}`).includes(word));
  }

  // The server gives them by name. What looks odd comes first, then the states in the order of the buttons.
  inOrder(seats) {
    const urgency = (seat) => (seat.anomalies.length ? 0 : this.states.indexOf(seat.state));
    const left = (seat) => seat.left ?? Infinity;
    const by = { name: () => 0, urgency: (one, other) => urgency(one) - urgency(other), left: (one, other) => left(one) - left(other) || 0 };
    return [...seats].sort(by[this.chosen.order]);
  }
}
