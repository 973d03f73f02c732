// What this device can do: keep changes, reach the server quickly, tell the time.

const NAME = "examapp-device-check";
const TRIPS = 3;

// `pulse` asks the server for the time; null when the server cannot be reached.
export async function measure(pulse) {
  const trips = [];
  for (let number = 0; number < TRIPS; number += 1) trips.push(await pulse());
  if (trips.includes(null)) return null;
  trips.sort((one, other) => one.took - other.took);
  return {
    storage: await keepsChanges(),
    clock_offset_ms: Math.round(trips[0].ahead), // the quickest trip tells the time best
    round_trip_ms: Math.round(trips[Math.floor(TRIPS / 2)].took),
  };
}

// Whether something written is read back.
async function keepsChanges() {
  try {
    const database = await done(indexedDB.open(NAME), (request) => {
      request.onupgradeneeded = () => request.result.createObjectStore("try");
    });
    const store = () => database.transaction("try", "readwrite").objectStore("try");
    await done(store().put("kept", 1));
    const kept = (await done(store().get(1))) === "kept";
    database.close();
    indexedDB.deleteDatabase(NAME);
    return kept;
  } catch {
    return false;
  }
}

function done(request, prepare = () => {}) {
  return new Promise((resolve, reject) => {
    prepare(request);
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}
