// After a part: what this device still keeps of it is sent. It is kept apart from the answers, marked as late. Then
// the part is forgotten here. On a device that is turned away, what it keeps of a running part is sent and saved, and
// the part stays.

import { Clock } from "./clock.js";
import { downloadOf } from "./download.js";
import { Kept } from "./kept.js";
import { Queue } from "./queue.js";
import { Storage } from "./storage.js";
import { Sync } from "./sync.js";
import { fill } from "./elements.js";

const storage = await new Storage().open();
for (const place of document.querySelectorAll("[data-unsent]")) await settle(place);

async function settle(place) {
  const kept = new Kept(place.dataset, storage);
  const queues = [];
  for (const { lease } of await kept.leases()) {
    const queue = new Queue(kept.part, storage);
    await queue.load(lease.epoch);
    if (queue.size) queues.push({ queue, lease });
  }
  const count = queues.reduce((sum, { queue }) => sum + queue.size, 0);
  if (count) tell(place, fill(place.dataset.sending, { count }));
  for (const { queue, lease } of queues) await send(queue, lease, place);
  if (!("running" in place.dataset)) await kept.forget();
  if (!count) return;
  const left = queues.filter(({ queue }) => queue.size);
  if (left.length) tell(place, place.dataset.refused, left);
  else if ("reload" in place.dataset) location.reload(); // the page itself tells what has arrived
  else tell(place, place.dataset.sent);
}

// Resolves when the server has taken everything, or has said that it does not want it.
function send(queue, lease, place) {
  const sync = new Sync(queue, new Clock());
  return new Promise((resolve) => {
    for (const end of ["closed", "refused", "lease"]) sync.addEventListener(end, resolve);
    sync.addEventListener("receipt", () => { if (!queue.sendable.length) resolve(); }); // it had been saved after all
    sync.addEventListener("state", ({ detail }) => {
      if (detail === "offline") tell(place, fill(place.dataset.offline, { count: queue.size }), [{ queue }]);
    });
    sync.start(lease, false);
  }).finally(() => sync.stop());
}

function tell(place, text, kept = []) {
  place.hidden = false;
  place.querySelector("p").textContent = text;
  const button = place.querySelector("button");
  button.hidden = !kept.length;
  button.onclick = () => downloadOf(kept.map(({ queue }) => queue.asText()).join("\n"));
}
