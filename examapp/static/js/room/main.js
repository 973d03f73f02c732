// The room of a proctor: asks every few seconds how everybody stands, shows it, and says who needs somebody.

import { SeatTable } from "./table.js";
import { closeMenus } from "./menu.js";
import { Voice } from "./voice.js";

const EVERY = 5000;
const PATIENCE = 15_000;

const room = document.getElementById("room");
const texts = JSON.parse(document.getElementById("room-texts").textContent);
const find = (id) => document.getElementById(id);
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_match, name) => values[name]);
const options = { timeZone: room.dataset.zone, hour: "numeric", minute: "2-digit" };
const toMinutes = new Intl.DateTimeFormat(room.dataset.locale, options);
const toSeconds = new Intl.DateTimeFormat(room.dataset.locale, { ...options, second: "2-digit", timeZoneName: "short" });
const table = new SeatTable(room, { texts, fill, clockTime: (moment) => toMinutes.format(moment) });
const voice = new Voice(find("announcements"), texts, fill);
let renewedAt = Date.now();
let timer;

async function follow() {
  clearTimeout(timer);
  const seen = await ask();
  find("trouble").hidden = seen !== null;
  if (seen) {
    renewedAt = Date.parse(seen.now);
    find("as-of").textContent = fill(texts.asOf, { time: toSeconds.format(renewedAt) });
    table.update(seen.seats);
    voice.tell(seen.seats);
  } else {
    find("trouble").querySelector("p").textContent = fill(texts.lost, { time: toSeconds.format(renewedAt) });
  }
  clearTimeout(timer);
  timer = setTimeout(follow, EVERY);
}

// Null when there is no answer.
async function ask() {
  try {
    const response = await fetch(room.dataset.live, { signal: AbortSignal.timeout(PATIENCE) });
    if (response.redirected) location.reload(); // signed out meanwhile: the sign-in leads back here
    return response.ok && !response.redirected ? await response.json() : null;
  } catch {
    return null;
  }
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) follow(); });
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
follow();
