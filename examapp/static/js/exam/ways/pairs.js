// Lines are matched with options: pairs in the order of the lines, "1:b,2:a". A line that is open is not among them.

export const pairs = {
  controls: "[data-premise]",
  read: (screen) => linesOf(screen).filter(({ value }) => value).map(({ dataset, value }) => `${dataset.premise}:${value}`).join(","),
  show: (screen, answer) => {
    const matched = new Map(pairsIn(answer));
    for (const line of linesOf(screen)) line.value = matched.get(line.dataset.premise) ?? "";
  },
  chosen: (answer) => pairsIn(answer).map(([, option]) => option),
  inWords: (answer, nameOf) => answer && pairsIn(answer).map(([premise, option]) => `${premise}: ${nameOf(option)}`).join("; "),
  // What is said of an answer in which lines are open.
  partly: (screen, answer) => {
    const open = answer && pairsIn(answer).length < linesOf(screen).length;
    return open ? screen.querySelector("[data-partly]").dataset : undefined;
  },
  toClear: (screen) => linesOf(screen)[0],
};

// The options have letters in the order of this candidate, and words in the language that they read.
export function nameChoices(screen, language, nameOf) {
  for (const choice of screen.querySelectorAll("[data-premise] option:not([value=''])")) {
    const name = nameOf(choice.value);
    if (choice.textContent !== name) choice.textContent = name;
  }
  for (const line of linesOf(screen)) {
    line.lang = language;
    line.options[0].lang = document.documentElement.lang; // "choose" is a word of the page
    inOrder(line);
  }
}

function inOrder(line) {
  const choices = [...line.options].filter(({ value }) => value);
  const sorted = [...choices].sort((choice, other) => choice.textContent.localeCompare(other.textContent));
  if (sorted.some((choice, place) => choice !== choices[place])) line.append(...sorted);
}

function linesOf(screen) {
  return [...screen.querySelectorAll("[data-premise]")];
}

function pairsIn(answer) {
  return answer.split(",").filter(Boolean).map((pair) => pair.split(":"));
}
