// The right to write: one tab at a time. A tab keeps its name over reloads; a duplicated tab gets a name of its own.

import { post } from "./sync.js";

const NAME = "examapp-tab";
const RELOAD = 1500;

export async function tabName() {
  let name = sessionStorage.getItem(NAME);
  if (!name || !(await lock(name))) {
    name = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem(NAME, name);
    await lock(name);
  }
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

export function acquire(root, holder, takeOver) {
  return post(root.dataset.lease, { holder, take_over: takeOver }, { "X-CSRFToken": root.dataset.csrf });
}
