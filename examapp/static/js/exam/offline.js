// The page of a part and what it is made of, kept for a reload without a connection. See worker.js, which gives it out.

const STATIC = new URL("../../", import.meta.url).href;
// Safe Exam Browser proves itself with every request of a page; those of a service worker would be turned away.
const PROVES_ITSELF = /\bSEB\b/.test(navigator.userAgent);

// Where the browser cannot, a reload needs a connection, and everything else works all the same.
export async function keepPage(page, worker, signal) {
  if (PROVES_ITSELF) return;
  try {
    await navigator.serviceWorker.register(worker, { scope: page, updateViaCache: "none" });
    signal.throwIfAborted();
    const cache = await caches.open(nameOf(page));
    if (!(await cache.match(page))) await put(cache, page, signal);
    const parts = performance.getEntriesByType("resource").map(({ name }) => name.split("#")[0]);
    const pictures = [...document.querySelectorAll("img.item-picture")].map(({ src }) => src);
    for (const address of new Set([...parts.filter((name) => name.startsWith(STATIC)), ...pictures])) {
      if (!(await cache.match(address))) await put(cache, address, signal);
    }
  } catch {
    // Asked again with the next lease.
  }
}

// A redirect leads to the sign-in or out of the part: that is not the page.
async function put(cache, address, signal) {
  const response = await fetch(address, { redirect: "error", signal });
  if (!response.ok) throw new Error(address);
  await cache.put(address, response);
}

export async function forgetPage(page) {
  try {
    await caches.delete(nameOf(page));
    await (await navigator.serviceWorker.getRegistration(page))?.unregister();
  } catch {
    // A browser that keeps no pages has none to forget.
  }
}

function nameOf(page) {
  return `exam ${page}`;
}
