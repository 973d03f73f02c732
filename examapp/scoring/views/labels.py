"""Words and signs for the states of scoring, for every template of the feature."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from examapp.scoring.attempts import NothingToRead
from examapp.scoring.marking import AdjudicationReason
from examapp.scoring.models import DecisionOutcome
from examapp.scoring.progress import Progress, Step
from examapp.scoring.scores import NO_EARLIER_PASS, READINGS_MISSING
from examapp.scoring.views.routes import bp
from examapp.shell import show_marks
from question_bank.item_kinds import MarkingRule

# Of decisions and of the outcomes of records, whose values are the same.
OUTCOMES = {
    DecisionOutcome.PASS.value: ("success", _l("Passed")),
    DecisionOutcome.FAIL.value: ("error", _l("Not passed")),
    DecisionOutcome.VOID.value: ("neutral", _l("Void")),
    DecisionOutcome.NO_SHOW.value: ("neutral", _l("Did not take it")),
    DecisionOutcome.PENDING.value: ("waiting", _l("Pending")),
}

REASONS = {
    AdjudicationReason.LEVELS_APART.value: _l("levels far apart"),
    AdjudicationReason.VERDICTS_DIFFER.value: _l("one passes it, the other does not"),
    AdjudicationReason.NEAR_CUT.value: _l("close to the pass line"),
}

STEPS = {
    Step.CLOSE: _l("The window has closed"),
    Step.COLLECT: _l("The essays are collected"),
    Step.ASSIGN: _l("Every reading has a rater"),
    Step.RATE: _l("Every reading is locked"),
    Step.SCORE: _l("Everything is scored"),
    Step.PROPOSE: _l("The release is proposed"),
    Step.CONFIRM: _l("A second administrator has confirmed it"),
}

# What is to be done when a step is the current one.
NEXT = {
    Step.CLOSE: _l("Taking place"),
    Step.COLLECT: _l("Essays to collect"),
    Step.ASSIGN: _l("Raters to assign"),
    Step.RATE: _l("Being rated"),
    Step.SCORE: _l("To be scored"),
    Step.PROPOSE: _l("Release to propose"),
    Step.CONFIRM: _l("Release to confirm"),
}

NOTHING = {
    NothingToRead.BLANK.value: _l("Left blank"),
    NothingToRead.NOT_CHOSEN.value: _l("Not chosen"),
}


# How an answer with several parts is marked.
MARKING_RULES = {
    MarkingRule.ALL_OR_NOTHING.value: _l("All or nothing"),
    MarkingRule.PARTIAL.value: _l("Part marks"),
    MarkingRule.PARTIAL_WITH_PENALTY.value: _l("Part marks, wrong choices take away"),
}


# Why a decision is pending; the reason of a void one is in somebody's own words.
DECISION_REASONS = {
    READINGS_MISSING: _l("An essay waits for its raters."),
    NO_EARLIER_PASS: _l("A part that this registration leaves out has not been passed before."),
}


def state_of(progress: Progress) -> tuple[str, Any]:
    """The state of an administration: the kind of its tag and its words."""
    if progress.administration.cancelled_at:
        return "neutral", _l("Cancelled")
    if progress.at < progress.administration.opens_at:
        return "neutral", _l("Not open yet")
    if progress.current is None:
        return "success", _l("Released")
    return ("waiting" if progress.current == Step.CONFIRM else "progress"), NEXT[progress.current]


@bp.app_template_filter("points")
def points(mark: Decimal) -> str:
    """Marks for people, to two decimals. The explanation of a run shows all four that are kept."""
    return show_marks(mark.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


@bp.context_processor
def labels() -> dict[str, Any]:
    return {
        "outcomes": OUTCOMES,
        "reasons": REASONS,
        "nothing": NOTHING,
        "marking_rules": MARKING_RULES,
        "decision_reasons": DECISION_REASONS,
        "step_titles": STEPS,
        "state_of": state_of,
    }
