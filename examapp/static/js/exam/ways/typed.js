// A text is typed: a few words, or an essay. The field itself is looked after by writing.js.

export const typed = {
  read: (screen) => screen.querySelector("[data-text=answer]").value,
  show: () => {},
  chosen: () => [],
  inWords: (answer) => answer.slice(0, 200).trim(),
  partly: () => undefined,
  toClear: (screen) => {
    const field = screen.querySelector("[data-text=answer]");
    field.value = "";
    return field;
  },
};
