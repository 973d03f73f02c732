"""What a reviewer answers with yes before an item passes: a list of questions for each of the two reviews.

The codes are kept with every step, so a question whose meaning changes gets a new code.
"""

from dataclasses import dataclass

from question_bank.assignments import STAGES, ReviewStage
from question_bank.errors import sentence as _
from question_bank.items import ItemKind, ItemVersion
from question_bank.translations import spanish_in


@dataclass(frozen=True)
class Check:
    code: str
    text: str


CONTENT = (
    Check("matters", _("It asks about something that matters in practice at its levels.")),
    Check("one-answer", _("Experts would agree on the key, and nothing else offered is as good.")),
    Check("key-supported", _("The reference supports the key, and is recent and easy to find.")),
    Check("reason", _("The rationale says why the key is right and why the others are not.")),
    Check("tags", _("Area, terms, levels, tracks and competency are the right ones.")),
    Check("thinking", _("It asks for the thinking that its cognitive level names, not for a trick.")),
)
CONTENT_OF_ESSAYS = (
    Check("matters", _("It asks about something that matters in practice at its levels.")),
    Check("facts", _("The vignette gives enough facts to answer, and none that mislead.")),
    Check("task", _("The prompt says clearly what the essay must do, and can be done in the time.")),
    Check("levels-apart", _("Every dimension fits the prompt, and two raters could tell its levels apart.")),
    Check("tags", _("Area, terms, levels, tracks and kind of vignette are the right ones.")),
)
EDITORIAL = (
    Check("plain", _("The language is plain and correct, and no longer than it must be.")),
    Check("person-first", _("It speaks of people first, and with respect for every family and culture.")),
    Check("no-stereotype", _("Nobody stands for a stereotype, and no detail of a person is there without need.")),
    Check("fair", _("Nobody is helped or hurt by what has nothing to do with the competency.")),
)
EDITORIAL_OF_KEYED = (
    Check("no-cue", _("Neither grammar nor length nor wording gives the key away.")),
    Check("parallel", _("What is offered is alike in form, and in an order that makes sense.")),
)
EDITORIAL_OF_ESSAYS = (Check("rubric-words", _("The rubric uses the words of the prompt, and none that judge.")),)
SPANISH = Check("spanish", _("The Spanish says the same as the English, as plainly."))


def checklist(version: ItemVersion) -> list[Check]:
    """The questions of the review in which the version is; none when it is in no review."""
    stage, essay = STAGES.get(version.state), version.item.kind is ItemKind.ESSAY
    if stage is ReviewStage.CONTENT:
        return list(CONTENT_OF_ESSAYS if essay else CONTENT)
    if stage is ReviewStage.EDITORIAL:
        own = EDITORIAL_OF_ESSAYS if essay else EDITORIAL_OF_KEYED
        return [*EDITORIAL, *own, *([SPANISH] if spanish_in(version.content) else [])]
    return []


CHECKS = {
    check.code: check
    for check in (
        *CONTENT, *CONTENT_OF_ESSAYS, *EDITORIAL, *EDITORIAL_OF_KEYED, *EDITORIAL_OF_ESSAYS, SPANISH,
    )
}  # fmt: skip
