// Several options are chosen: their ids in order, "a,c".

export const several = {
  controls: "[data-option] input",
  read: (screen) => [...screen.querySelectorAll("[data-option] input:checked")].map(({ value }) => value).sort().join(","),
  show: (screen, answer) => {
    const chosen = several.chosen(answer);
    for (const box of screen.querySelectorAll("[data-option] input")) box.checked = chosen.includes(box.value);
  },
  chosen: (answer) => answer.split(","),
  inWords: (answer, nameOf) => answer && several.chosen(answer).map(nameOf).sort().join("; "),
  partly: () => undefined,
  toClear: (screen) => screen.querySelector("input:checked"),
};
