"""What reviewers decide and say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SubmitField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from examapp.authoring.forms.items import tidy
from question_bank.items import ItemVersion, ReviewState
from question_bank.review import Move
from question_bank.review_checklists import checklist


class DecideReviewForm(FlaskForm):
    """The checklist of one review, then the decision; ``form_for`` adds the boxes."""

    seen = HiddenField()  # what was read: a decision counts for no other version, and for no other review
    decision = RadioField(_l("Your decision"), [InputRequired(_l("Choose what happens to the item."))])
    comment = TextAreaField(
        _l("Comment"),
        [Length(max=4_000)],
        filters=[tidy],
        description=_l(
            "Needed when you send the item back, unless you have commented on a place of it. It stays with the item."
        ),
    )
    then_next = SubmitField(_l("Decide, then the next"))

    @classmethod
    def form_for(cls, version: ItemVersion) -> "DecideReviewForm":
        checks = checklist(version)
        boxes: dict[str, Any] = {f"check_{check.code}": BooleanField(_(check.text)) for check in checks}
        form: DecideReviewForm = type("DecideReviewForm", (cls,), boxes)(seen=f"{version.number} {version.state}")
        form.decision.choices = [
            PASSES[version.state],
            SelectChoice(Move.SEND_BACK.value, _l("Send back"), {"description": _l("The author works on it again.")}),
        ]
        return form

    @property
    def checks(self) -> list[BooleanField]:
        return [field for name, field in self._fields.items() if name.startswith("check_")]

    @property
    def ticked(self) -> list[str]:
        return [field.name.removeprefix("check_") for field in self.checks if field.data]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.decision.data in (Move.PASS_CONTENT, Move.APPROVE):
            for field in self.checks:
                field.errors = [] if field.data else [_("Tick it when it is true, or send the item back.")]
            valid = valid and not any(field.errors for field in self.checks)
        return valid


PASSES = {
    ReviewState.CONTENT_REVIEW: SelectChoice(
        Move.PASS_CONTENT.value,
        _l("Pass it on"),
        {"description": _l("Somebody else reviews its language and fairness next.")},
    ),
    ReviewState.EDITORIAL_REVIEW: SelectChoice(
        Move.APPROVE.value, _l("Approve"), {"description": _l("It may be tried out on a form, or put to use.")}
    ),
}


class DeclareConflictForm(FlaskForm):
    reason = TextAreaField(
        _l("What is the conflict?"),
        [DataRequired(_l("Write what it is, in a few words.")), Length(max=2_000)],
        filters=[tidy],
        description=_l(
            "For example: you taught the author, or the case is one of your own. Administrators can read it."
        ),
    )


class SubmitItemForm(FlaskForm):
    """One reason for each rule whose advice is not followed; ``form_for`` adds the fields."""

    @classmethod
    def form_for(cls, rules: Iterable[str], given: Mapping[str, str]) -> "SubmitItemForm":
        """``given`` are the reasons of earlier versions."""
        named: dict[str, Any] = {rule: reason_field(given.get(rule, "")) for rule in rules}
        form: SubmitItemForm = type("SubmitItemForm", (cls,), named)()
        return form

    def reasons(self) -> dict[str, str]:
        return {name: field.data for name, field in self._fields.items() if isinstance(field, TextAreaField)}


def reason_field(given: str) -> TextAreaField:
    return TextAreaField(
        _l("Why it does not fit this item"),
        [DataRequired(_l("Write the reason, or go back and follow the advice.")), Length(max=2_000)],
        filters=[tidy],
        default=given,
    )


class CommentForm(FlaskForm):
    text = TextAreaField(
        _l("Comment"), [DataRequired(_l("Write what you want to say.")), Length(max=4_000)], filters=[tidy]
    )


class RetireItemForm(FlaskForm):
    comment = TextAreaField(
        _l("Why is it retired?"), [DataRequired(_l("Write the reason.")), Length(max=4_000)], filters=[tidy]
    )
