"""What reviewers decide and say."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectChoice, SubmitField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from examapp.authoring.forms.items import tidy
from question_bank.review import Move


class DecideReviewForm(FlaskForm):
    version = HiddenField()  # the one that was read: a decision counts for no other
    decision = RadioField(
        _l("Your decision"),
        [InputRequired(_l("Choose what happens to the item."))],
        choices=[
            SelectChoice(Move.APPROVE.value, _l("Approve"), {"description": _l("It may go on an exam form.")}),
            SelectChoice(Move.SEND_BACK.value, _l("Send back"), {"description": _l("The author works on it again.")}),
        ],
    )
    comment = TextAreaField(
        _l("Comment"),
        [Length(max=4_000)],
        filters=[tidy],
        description=_l("Needed when you send the item back. It stays with the item."),
    )
    then_next = SubmitField(_l("Decide, then the next"))


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


class RetireItemForm(FlaskForm):
    comment = TextAreaField(
        _l("Why is it retired?"), [DataRequired(_l("Write the reason.")), Length(max=4_000)], filters=[tidy]
    )
