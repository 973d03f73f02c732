// The right to write: one tab at a time. A tab keeps its name over reloads; a duplicated tab gets a name of its own.

import { post } from "./sync.js";

const NAME = "examapp-tab";
const RELOAD = 1500;

// `last`: the name under which this device wrote last. A new tab goes on under it when no living tab has it, as after a
// crash.
export async function tabName(last) {
  for (const name of [sessionStorage.getItem(NAME), navigator.locks && last]) {
    if (name && (await lock(name))) return remember(name);
  }
  const fresh = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  await lock(fresh);
  return remember(fresh);
}

function remember(name) {
  sessionStorage.setItem(NAME, name);
  return name;
}

// Holds the name as long as this tab lives; false when another living tab has it. After a reload the page before this
// one may still be letting go of it, so a moment's wait tells the two apart.
function lock(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const held = () => { resolve(true); return new Promise(() => {}); };
    navigator.locks.request(`examapp-${name}`, { signal: AbortSignal.timeout(RELOAD) }, held).catch(() => resolve(false));
  });
}

export function acquire(root, holder, takeOver, patience) {
  return post(root.dataset.lease, { holder, take_over: takeOver }, { headers: { "X-CSRFToken": root.dataset.csrf }, patience });
}
