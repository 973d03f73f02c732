// What pages share that save a draft by themselves: the line that says how it stands, when the next save is due, and
// what the server has answered.

export const RETRY = 5000;

const receipt = document.getElementById("receipt");
let timer;

export function say(text, problem = false) {
  receipt.textContent = text;
  receipt.classList.toggle("receipt-problem", problem);
}

export function saveSoon(save, delay) {
  stopWaiting();
  timer = setTimeout(save, delay);
}

export function stopWaiting() {
  clearTimeout(timer);
}

// Null for a page where an answer of ours was expected: the sign-in. Throws where the server was in trouble.
export async function answerOf(response) {
  const ours = response.headers.get("Content-Type")?.includes("application/json") && !response.redirected;
  if (!ours && response.status >= 500) throw new Error("server");
  return ours ? response.json() : null;
}
