// The service worker of one part. While the part runs it gives out the kept page when the network does not, so that a
// reload without a connection goes on. Once the page has forgotten the part, it keeps nothing and gives nothing.

const PAGE = new URL(self.registration.scope).pathname;
const STATIC = location.pathname.replace(/exam\/worker\.js$/, "static/");
const PICTURES = `${PAGE}/pictures/`;
const KEPT = `exam ${PAGE}`;
const PATIENCE = 8000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const part = [STATIC, PICTURES].some((place) => pathname.startsWith(place));
  const wanted = part || (request.mode === "navigate" && pathname === PAGE);
  if (request.method === "GET" && origin === location.origin && wanted) event.respondWith(answer(request));
});

// What the network says; the kept copy when it says nothing in time, or that the server is down.
async function answer(request) {
  if (!(await caches.has(KEPT))) return fetch(request);
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request.url, { ignoreVary: true });
  if (kept && new URL(request.url).pathname.startsWith(PICTURES)) return kept; // a picture never changes
  try {
    const response = await Promise.race(kept ? [fetch(request), silence()] : [fetch(request)]);
    if (response.ok) await cache.put(request.url, response.clone());
    if (response.status < 500 || !kept) return response;
  } catch (error) {
    if (!kept) throw error;
  }
  return kept;
}

function silence() {
  return new Promise((resolve, reject) => { setTimeout(reject, PATIENCE); });
}
