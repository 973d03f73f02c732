"""What the content of each kind of item must look like, and how it is checked. Pure: no database.

A draft may be half-written, so drafts are stored as they are typed; `content_problems` says what is still missing, and
a version is submitted only when there is nothing to say.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from question_bank.errors import sentence as _
from question_bank.items import ItemKind

OPTION_IDS = "abcdefgh"
RUBRIC_LEVELS = 4

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


class SingleBestAnswer(Content):
    """A stem, options in the order shown, and the one key."""

    stem: Text = ""
    options: list[Option] = Field(default_factory=list, max_length=len(OPTION_IDS))
    key: str = ""
    translations: Translations = Field(default_factory=dict)


class RubricLevel(Content):
    level: int = Field(ge=1, le=RUBRIC_LEVELS)
    title: Text = ""
    descriptor: Text = ""


class RubricDimension(Content):
    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    title: Text = ""
    description: Text = ""
    levels: list[RubricLevel] = Field(min_length=RUBRIC_LEVELS, max_length=RUBRIC_LEVELS)


class Rubric(Content):
    """Dimensions of four levels each. What a level is worth in marks stands in the exam policy."""

    dimensions: list[RubricDimension] = Field(default_factory=list)


class Essay(Content):
    """A vignette (the stimulus), what the essay is to do (the prompt), and the rubric it is rated on.

    ``slot`` names the kind of vignette that slot groups of an exam policy ask for: clinical, supervisory, policy, …
    """

    slot: Text = ""
    stimulus: Text = ""
    prompt: Text = ""
    rubric: Rubric = Rubric()
    translations: Translations = Field(default_factory=dict)


CONTENT_OF: dict[ItemKind, type[SingleBestAnswer] | type[Essay]] = {
    ItemKind.SINGLE_BEST_ANSWER: SingleBestAnswer,
    ItemKind.ESSAY: Essay,
}


def content_problems(kind: ItemKind, content: dict[str, Any]) -> list[str]:
    """What keeps this content from review, as sentences; empty when it is complete.

    Raises pydantic.ValidationError when the shape itself is wrong, which no page of ours produces.
    """
    parsed = CONTENT_OF[kind].model_validate(content)
    return choice_problems(parsed) if isinstance(parsed, SingleBestAnswer) else essay_problems(parsed)


def choice_problems(content: SingleBestAnswer) -> list[str]:
    texts = [option.text.strip() for option in content.options]
    folded = [" ".join(text.casefold().split()) for text in texts if text]
    checks = (
        (not content.stem.strip(), _("Write the stem.")),
        (len(texts) < 3, _("Give at least three options.")),
        (any(not text for text in texts), _("Fill or remove the empty option.")),
        (len(set(folded)) < len(folded), _("Two options say the same.")),
        (content.key not in {option.id for option in content.options}, _("Mark one option as the key.")),
    )
    return [sentence for failed, sentence in checks if failed]


def essay_problems(content: Essay) -> list[str]:
    dimensions = content.rubric.dimensions
    checks = (
        (not content.slot.strip(), _("Say which kind of vignette this is.")),
        (not content.stimulus.strip(), _("Write the vignette.")),
        (not content.prompt.strip(), _("Write the prompt.")),
        (not dimensions, _("Give the rubric at least one dimension.")),
        (any(not d.title.strip() for d in dimensions), _("Name every dimension of the rubric.")),
        (
            any(not level.descriptor.strip() for d in dimensions for level in d.levels),
            _("Describe all four levels of every dimension."),
        ),
    )
    return [sentence for failed, sentence in checks if failed]
