// The table of the room. Only what has changed is written, so focus, selection and scrolling stay where they are.

import { duration } from "../durations.js";
import { Filters } from "./filters.js";
import { fillMenu, linksFor, suits } from "./menu.js";

const find = (id) => document.getElementById(id);

export class SeatTable {
  constructor(room, { texts, fill, clockTime }) {
    Object.assign(this, { room, texts, fill, clockTime });
    this.body = find("seats").querySelector("tbody");
    this.seats = [];
    this.rows = new Map();
    this.filters = new Filters(room, () => this.arrange(true));
  }

  update(seats) {
    this.seats = seats;
    const gone = new Set(this.rows.keys());
    for (const seat of seats) {
      gone.delete(seat.code);
      this.write(this.rows.get(seat.code) ?? this.addRow(seat), seat);
    }
    for (const code of gone) this.removeRow(code);
    this.filters.count(seats);
    this.arrange(false);
  }

  addRow(seat) {
    const row = find("seat").content.firstElementChild.cloneNode(true);
    const cells = Object.fromEntries([...row.querySelectorAll("[data-cell]")].map((cell) => [cell.dataset.cell, cell]));
    const entry = { row, cells, seat, shown: {} };
    linksFor(row, seat);
    cells.name.textContent = seat.name;
    cells.code.textContent = seat.code;
    const menu = row.querySelector(".row-menu");
    menu.addEventListener("toggle", () => { if (menu.open) fillMenu(menu, entry.seat); });
    this.rows.set(seat.code, entry);
    this.body.append(row);
    return entry;
  }

  removeRow(code) {
    this.rows.get(code).row.remove();
    this.rows.delete(code);
  }

  write(entry, seat) {
    entry.seat = seat;
    const since = seat.state === "offline" ? this.clockTime(seat.seen) : "";
    this.put(entry, "state", `${seat.state} ${since}`, () => this.stateOf(seat, since));
    this.put(entry, "oddities", seat.anomalies.join(" "), () => seat.anomalies.map((odd) => this.oddity(odd)));
    this.put(entry, "part", this.texts.parts[seat.part] ?? seat.part);
    this.put(entry, "answered", seat.answered === null ? "" : String(seat.answered));
    this.put(entry, "left", seat.left === null ? "" : duration(seat.left, this.room.dataset));
    entry.row.querySelector("[data-paper]").hidden = !seat.paper;
    for (const link of entry.row.querySelectorAll(":scope > .actions > [data-states]")) link.hidden = !suits(link, seat);
  }

  // Writes a cell when what it says has changed; an empty one is left out where the table is a list of cards.
  put(entry, name, says, nodes = () => [says]) {
    if (entry.shown[name] === says) return;
    entry.shown[name] = says;
    const content = nodes();
    entry.cells[name].replaceChildren(...content);
    entry.cells[name].closest("td").classList.toggle("none", !content.some((node) => node !== ""));
  }

  stateOf(seat, since) {
    const tag = find(`state-${seat.state}`).content.cloneNode(true);
    if (!since) return [tag];
    const hint = document.createElement("span");
    hint.className = "usa-hint";
    hint.textContent = ` ${this.fill(this.texts.since, { time: since })}`;
    return [tag, hint];
  }

  oddity([kind, count]) {
    const tag = find(`odd-${kind}`).content.cloneNode(true).firstElementChild;
    tag.lastChild.textContent = this.fill(tag.lastChild.textContent, { n: count });
    return tag;
  }

  // Shows and orders the rows. Nothing moves under the hands of somebody who works in the table, unless they ask for it.
  arrange(asked) {
    const order = this.filters.inOrder(this.seats);
    let shown = 0;
    for (const { seat, row } of this.rows.values()) {
      const visible = this.filters.shows(seat) || (!asked && row.contains(document.activeElement));
      row.hidden = !visible;
      shown += visible;
    }
    find("nobody").hidden = shown > 0;
    if (!asked && this.inUse()) return shown;
    let last = null;
    for (const { code } of order) {
      const { row } = this.rows.get(code);
      if (row !== (last ? last.nextElementSibling : this.body.firstElementChild)) last ? last.after(row) : this.body.prepend(row);
      last = row;
    }
    return shown;
  }

  inUse() {
    const selection = document.getSelection();
    const marked = selection && !selection.isCollapsed && this.body.contains(selection.anchorNode);
    const pointed = matchMedia("(hover: hover)").matches && this.body.matches(":hover");
    return marked || pointed || this.body.contains(document.activeElement) || this.body.querySelector(".row-menu[open]");
  }
}
