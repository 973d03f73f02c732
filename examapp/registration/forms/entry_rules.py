"""What the page of the entry rules takes in."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from examapp.errors import sentence_of
from examapp.registration.entry_rules import LONGEST_CODE, WantedRules, browser_key, lines_of, network
from question_bank.errors import RuleViolation


class EntryRulesForm(FlaskForm):
    access_code = StringField(
        _l("Access code"),
        description=_l(
            "Read out in the room. Capitals and spaces do not matter. At most %(most)s characters.",
            most=LONGEST_CODE,
        ),
        validators=[Length(max=LONGEST_CODE, message=_l("Keep it under %(most)s characters.", most=LONGEST_CODE))],
    )
    allowed_networks = TextAreaField(
        _l("Allowed networks"),
        description=_l("One a line, such as 192.0.2.0/24 or 2001:db8::/32. A single address is a network too."),
    )
    config_keys = TextAreaField(_l("Config Keys"), description=_l("64 digits each, one a line. Each of them is valid."))
    browser_exam_keys = TextAreaField(
        _l("Browser Exam Keys"), description=_l("64 digits each, one a line. Each of them is valid.")
    )

    def validate_allowed_networks(self, field: TextAreaField) -> None:
        read(field, network)

    def validate_config_keys(self, field: TextAreaField) -> None:
        read(field, browser_key)

    def validate_browser_exam_keys(self, field: TextAreaField) -> None:
        read(field, browser_key)

    def wanted(self) -> WantedRules:
        return WantedRules(
            access_code=self.access_code.data or "",
            allowed_networks=read(self.allowed_networks, network),
            config_keys=read(self.config_keys, browser_key),
            browser_exam_keys=read(self.browser_exam_keys, browser_key),
        )


def read(field: TextAreaField, line: Callable[[str], str]) -> list[str]:
    """The lines of a field; the first that is wrong is said beside it."""
    try:
        return lines_of(field.data or "", line)
    except RuleViolation as refusal:
        raise ValidationError(sentence_of(refusal)) from None
