// The waiting room: says that it is here, counts down by the server's time, and shows what has changed without a reload.

import { post } from "../exam/sync.js";
import { duration } from "../durations.js";
import { measure } from "./device.js";

const HEARTBEAT = 15_000;
const RETRY = 5000;
const MARKS = [30, 10, 5, 1]; // minutes before the opening that are read aloud

const room = document.getElementById("waiting-room");
const find = (id) => document.getElementById(id);
let serverAtZero;
let lastLeft;
let timer;

function announce(text) {
  if (text) find("announcements").textContent = text;
}

// Sends the pulse; gives the answer with the time it took, or null when there was none.
async function pulse() {
  const askedAt = performance.now();
  const answer = await send(room.dataset.pulse, {});
  find("trouble").hidden = answer !== null;
  if (!answer) return null;
  serverAtZero = Date.parse(answer.now) - (askedAt + performance.now()) / 2;
  return { ...answer, took: performance.now() - askedAt, ahead: Date.now() - serverAtZero - performance.now() };
}

async function send(address, content) {
  const { status, body } = await post(address, content, { headers: { "X-CSRFToken": room.dataset.csrf } });
  if (status === 401) location.reload(); // signed out meanwhile: the sign-in leads back here
  if (status === 200 && !body.here) location.assign(room.dataset.after); // started elsewhere, or no longer in force
  return status === 200 && body.here ? body : null;
}

async function follow() {
  clearTimeout(timer);
  const answer = await pulse();
  if (answer && answer.state !== find("start").dataset.state) await renew("start");
  if (answer && answer.messages !== Number(find("messages").dataset.count)) await renew("messages");
  const release = answer?.release_in ? answer.release_in * 1000 + 50 : HEARTBEAT;
  clearTimeout(timer);
  timer = setTimeout(follow, answer ? Math.min(release, HEARTBEAT) : RETRY);
}

// Puts one piece of the page in as the server shows it now.
async function renew(id) {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById(id);
  if (!fresh) return location.reload();
  find(id).replaceWith(fresh);
  lastLeft = undefined;
  announce(fresh.dataset.say);
}

function tick() {
  const clock = find("countdown");
  if (!clock || serverAtZero === undefined) return;
  const left = Math.max(0, (Date.parse(clock.dataset.until) - serverAtZero - performance.now()) / 1000);
  const distance = duration(left, room.dataset);
  clock.textContent = room.dataset.in.replace("{distance}", distance);
  const passed = MARKS.some((minutes) => lastLeft > minutes * 60 && left <= minutes * 60);
  if (passed) announce(room.dataset.opensIn.replace("{distance}", distance));
  lastLeft = left;
}

async function check(heard) {
  const findings = await measure(pulse);
  const answer = findings && (await send(room.dataset.device, { ...findings, announcement_heard: heard }));
  if (!answer) return;
  await renew("device");
  find("device-title").focus();
}

room.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-check], [data-heard]");
  if (!button) return;
  button.disabled = true;
  await check(button.dataset.heard ? button.dataset.heard === "yes" : null);
  button.disabled = false;
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) follow(); });
setInterval(tick, 1000);
follow();
