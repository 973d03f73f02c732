// The ways of answering, by the name that the template of a kind gives: see templates/questions. Each is an object that
// reads the answer off a screen as the log keeps it, shows it there, and says in words what was chosen.

import { one } from "./one.js";
import { pairs } from "./pairs.js";
import { several } from "./several.js";
import { typed } from "./typed.js";

const WAYS = { one, pairs, several, typed };

export function wayOf(screen) {
  return WAYS[screen.dataset.way ?? (screen.dataset.title ? "typed" : "one")];
}
