// One of the options is chosen: a best answer, true or false.

export const one = {
  controls: "input[type=radio]",
  read: (screen) => screen.querySelector("input:checked")?.value ?? "",
  show: (screen, answer) => {
    for (const radio of screen.querySelectorAll("input[type=radio]")) radio.checked = answer === radio.value;
  },
  chosen: (answer) => [answer],
  inWords: (answer, nameOf) => nameOf(answer),
  partly: () => undefined,
  toClear: (screen) => screen.querySelector("input:checked"),
};
