"""What the people of the story write. All of it is invented."""

from dataclasses import dataclass

HEADER = "question,a,b,c,d,answer,area,term,level,rationale,reference"
BOOK = "Invented, A. (2020). First relationships. Desert Press."


@dataclass(frozen=True)
class Choice:
    """A multiple-choice item; the first option is right, and `key` says at which letter it stands."""

    stem: str
    right: str
    wrong: tuple[str, str, str]
    key: str
    area: str
    term: str

    @property
    def options(self) -> list[str]:
        place = "abcd".index(self.key)
        return [*self.wrong[:place], self.right, *self.wrong[place:]]

    def row(self, answer: str = "") -> str:
        """As a line of a sheet."""
        reason = "It is what the family needs before anything else."
        cells = [self.stem, *self.options, answer or self.key.upper(), self.area, self.term, "3; 4", reason, BOOK]
        return ",".join(f'"{cell}"' for cell in cells)


IMPORTED = (
    Choice(
        "A baby of nine months cries when her father leaves the room. What does this behavior show?",
        "A bond that has formed", ("A delay of language", "A lack of stimulation", "An illness of the ear"),
        "b", "Theoretical Foundations", "attachment, separation & loss",
    ),
    Choice(
        "At which age do most children walk a few steps without being held?",
        "About twelve months", ("About four months", "About six months", "About thirty months"),
        "d", "Theoretical Foundations", "infant & young child development and behavior",
    ),
    Choice(
        "A visitor feels impatient with a mother who is silent. What does she do with this feeling first?",
        "She notices and names it", ("She hides it from herself", "She tells the mother", "She ends the visit early"),
        "a", "Reflection", "self awareness",
    ),
    Choice(
        "A colleague asks why a family misses its appointments. Which attitude helps most to understand it?",
        "Wondering with an open mind", ("Deciding who is at fault", "Keeping strict rules", "Waiting until it passes"),
        "c", "Reflection", "curiosity",
    ),
    Choice(
        "During a first home visit, what does the specialist do before giving any advice?",
        "Watch the two together", ("Fill in the questionnaire", "Explain the program", "Plan the next visits"),
        "b", "Direct Service Skills", "observation & listening",
    ),
)  # fmt: skip
WRITTEN = Choice(
    "A mother of twins says that she has felt empty since their birth. What does the specialist offer first?",
    "To listen and stay with her", ("To praise how the twins grow", "To change the subject", "To call a relative"),
    "a", "Theoretical Foundations", "family relationships & dynamics",
)  # fmt: skip
EVERY_CHOICE = (*IMPORTED, WRITTEN)

# The specialist's first attempt: the key of the last row names no option.
SHEET_WITH_FAULT = "\n".join([HEADER, *(choice.row() for choice in IMPORTED[:-1]), IMPORTED[-1].row(answer="E")])
SHEET = "\n".join([HEADER, *(choice.row() for choice in IMPORTED)])


@dataclass(frozen=True)
class Vignette:
    title: str
    story: str
    prompt: str


VIGNETTES = (
    Vignette(
        "Marisol and her son",
        "Marisol, nineteen, visits with Mateo, eight months. She looks at the window while he reaches for her sleeve.",
        "What do you notice between the two, and what would you do in the next visit?",
    ),
    Vignette(
        "The grandmother's house",
        "Two brothers live with their grandmother since the winter. The younger one has stopped speaking.",
        "Which questions would you keep in mind, and with whom would you talk?",
    ),
)
DIMENSIONS = ("Seeing the relationship", "Planning the next step")
DESCRIPTORS = ("Not yet to be seen", "To be seen in part", "Clearly to be seen", "Seen with unusual depth")
ESSAY = (
    "Mateo reaches for his mother and she cannot answer him yet. I would sit beside them, put into words what he does, "
    "and ask her what she hears when he calls. In the next visit I would come back to the moment in which she smiled."
)
