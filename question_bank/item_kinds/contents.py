"""What the content of every kind of item has, and what the rest of the house asks of it. Pure: no database.

A draft may be half-written, so drafts are stored as they are typed; `problems` says what is still missing, and a
version is submitted only when there is nothing to say.
"""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

OPTION_IDS = "abcdefgh"
PREMISE_IDS = "12345678"

Text = Annotated[str, StringConstraints(max_length=20_000)]


class Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Translation(Content):
    """What candidates read, in another language: texts by place, each with the English that it translates."""

    texts: dict[str, Text]
    of: dict[str, Text]

    def moved(self, places: Mapping[str, str]) -> "Translation":
        """The same texts at other places: ``places`` says where each one stood."""
        return Translation(
            texts={place: self.texts.get(stood, "") for place, stood in places.items()},
            of={place: self.of.get(stood, "") for place, stood in places.items()},
        )


Translations = dict[Literal["es"], Translation]


class Option(Content):
    id: Annotated[str, StringConstraints(pattern=r"^[a-h]$")]
    text: Text


class Premise(Content):
    """What is to be matched with an option; its id is a number, so that it never looks like an option's."""

    id: Annotated[str, StringConstraints(pattern=r"^[1-8]$")]
    text: Text


class MarkingRule(StrEnum):
    """How an answer with several parts is marked. Every item is worth one mark, and no answer less than nothing."""

    ALL_OR_NOTHING = "all_or_nothing"
    # Each part that is right earns its share.
    PARTIAL = "partial"
    # The same, and each option chosen wrongly takes one share away.
    PARTIAL_WITH_PENALTY = "partial_with_penalty"


class ItemContent(Content):
    """What an author writes of an item. Each kind is one class in a file of its own."""

    translations: Translations = Field(default_factory=dict)

    @abstractmethod
    def texts(self) -> dict[str, str]:
        """What candidates read of it in English, by place; the place of an option or a premise is its id."""

    @abstractmethod
    def problems(self) -> list[str]:
        """What keeps it from review, as sentences; empty when it is complete."""


class Question(ItemContent):
    """An item that is marked by its key. Answers and keys are short texts, of the form that each kind says."""

    # Whether candidates may be given the options in an order of their own.
    shuffled: ClassVar[bool] = True
    # Texts that every item of the kind has, by language and place; no author writes them.
    fixed_texts: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    # What candidates are told to do, where it does not go without saying.
    asks: ClassVar[str] = ""
    # How an answer is typed in from paper; "" where it is one letter.
    typed_as: ClassVar[str] = ""

    # What the question is about, where that stands before it: shared by all items of a vignette set.
    stimulus: Text = ""
    stem: Text = ""

    def asked(self) -> dict[str, str]:
        """The texts before the options, by place."""
        return {"stimulus": self.stimulus, "stem": self.stem} if self.stimulus else {"stem": self.stem}

    @abstractmethod
    def offered(self) -> list[Option]:
        """The options as candidates get them; none where the answer is typed."""

    def premises_offered(self) -> list[Premise]:
        """What each is to be matched with an option."""
        return []

    @abstractmethod
    def key_text(self) -> str:
        """The key, of the form that answers have."""

    @property
    def rule(self) -> MarkingRule:
        return MarkingRule.ALL_OR_NOTHING

    @classmethod
    @abstractmethod
    def mark(cls, key: str, rule: MarkingRule, response: str) -> Fraction:
        """What an answer is worth: from nothing to one mark. An empty one is worth nothing."""

    @classmethod
    def parts(cls, answer: str) -> list[str]:
        """What is counted when the answers of many are looked at; of a key, what is right."""
        return [answer] if answer else []

    @classmethod
    def shown(cls, answer: str, marks: Mapping[str, str]) -> str:
        """An answer as its candidate knows it. ``marks`` are the letters and numbers they saw, by id."""
        return marks.get(answer, "")

    @classmethod
    def read(cls, typed: str, marks: Mapping[str, str]) -> str | None:
        """The answer that is shown so; None when it cannot be one. Nothing typed is no answer."""
        return id_of(typed.strip().upper(), marks) if typed.strip() else ""


# The marks of options and premises as they were written.
AS_WRITTEN: Mapping[str, str] = {**{id_: id_.upper() for id_ in OPTION_IDS}, **{id_: id_ for id_ in PREMISE_IDS}}


def id_of(mark: str, marks: Mapping[str, str]) -> str | None:
    """The id of the option or premise that has this mark."""
    return next((id_ for id_, shown in marks.items() if shown == mark), None)


def split(answer: str) -> set[str]:
    """The parts of an answer that has several, such as ``"a,c"``."""
    return set(answer.split(",")) if answer else set()


def repeated(texts: Iterable[str]) -> bool:
    """Whether two of the texts say the same; empty ones do not count."""
    folded = [" ".join(text.casefold().split()) for text in texts if text.strip()]
    return len(set(folded)) < len(folded)


def sentences_of(checks: Iterable[tuple[bool, str]]) -> list[str]:
    """The sentences of the checks that failed."""
    return [sentence for failed, sentence in checks if failed]
