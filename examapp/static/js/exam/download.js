// A text as a file for the candidate.

export function downloadOf(text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = "answers.txt";
  link.click();
  URL.revokeObjectURL(link.href);
}
