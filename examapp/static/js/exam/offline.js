// The page of a part and what it is made of, kept for a reload without a connection. See worker.js, which gives it out.

const STATIC = new URL("../../", import.meta.url).href;

// False where the browser cannot: then a reload needs a connection, and everything else works all the same.
export async function keepPage(page, worker) {
  try {
    await navigator.serviceWorker.register(worker, { scope: page, updateViaCache: "none" });
    const cache = await caches.open(nameOf(page));
    if (!(await cache.match(page))) await put(cache, page);
    const parts = performance.getEntriesByType("resource").map(({ name }) => name.split("#")[0]);
    for (const address of new Set(parts.filter((name) => name.startsWith(STATIC)))) {
      if (!(await cache.match(address))) await put(cache, address);
    }
    return true;
  } catch {
    return false;
  }
}

// A redirect leads to the sign-in or out of the part: that is not the page.
async function put(cache, address) {
  const response = await fetch(address, { redirect: "error" });
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
