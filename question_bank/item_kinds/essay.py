"""A vignette with a prompt, answered by an essay that is rated on a rubric: the kind of Part Two."""

from typing import Annotated

from pydantic import Field, StringConstraints

from question_bank.errors import sentence as _
from question_bank.item_kinds.contents import Content, ItemContent, Text, sentences_of

RUBRIC_LEVELS = 4


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


class Essay(ItemContent):
    """A vignette (the stimulus), what the essay is to do (the prompt), and the rubric it is rated on.

    ``slot`` names the kind of vignette that slot groups of an exam policy ask for: clinical, supervisory, policy, …
    """

    slot: Text = ""
    stimulus: Text = ""
    prompt: Text = ""
    rubric: Rubric = Rubric()

    def texts(self) -> dict[str, str]:
        return {"stimulus": self.stimulus, "prompt": self.prompt}

    def problems(self) -> list[str]:
        dimensions = self.rubric.dimensions
        return sentences_of(
            (
                (not self.slot.strip(), _("Say which kind of vignette this is.")),
                (not self.stimulus.strip(), _("Write the vignette.")),
                (not self.prompt.strip(), _("Write the prompt.")),
                (not dimensions, _("Give the rubric at least one dimension.")),
                (any(not d.title.strip() for d in dimensions), _("Name every dimension of the rubric.")),
                (
                    any(not level.descriptor.strip() for d in dimensions for level in d.levels),
                    _("Describe all four levels of every dimension."),
                ),
            )
        )
