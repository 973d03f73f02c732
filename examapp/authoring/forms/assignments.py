"""Which areas a reviewer knows, and who is asked to review what."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectChoice, SelectField, SelectMultipleField, ValidationError
from wtforms.validators import DataRequired

from examapp.shell import rule_text
from question_bank.fair_load import Reviewer
from question_bank.framework import Framework
from question_bank.giving_out import Proposal
from question_bank.items import ItemVersion

# So long a review is given at first.
USUAL_TIME = timedelta(days=14)


class SayAreasForm(FlaskForm):
    areas = SelectMultipleField(
        _l("Areas of expertise"),
        description=_l("Reviews are proposed first to those who know the area. Whoever may review an item still may."),
    )

    def offer(self, framework: Framework) -> None:
        self.areas.choices = [SelectChoice(area.code, rule_text(area.title)) for area in framework.areas]


class AssignFairlyForm(FlaskForm):
    """One day for all, and a reviewer for each item; ``form_for`` adds them."""

    seen = HiddenField()  # what was proposed for: what has changed since is looked at again
    due_on = DateField(
        _l("To be reviewed by"),
        [DataRequired(_l("Choose a day."))],
        description=_l("It is shown in the reviewer's queue. The reviewers are told by their daily mail."),
    )

    @classmethod
    def form_for(cls, proposal: Proposal, names: Mapping[int, str], today: date) -> "AssignFairlyForm":
        fields = {field_name(version): reviewer_field(version, proposal, names) for version in proposal.versions}
        form: AssignFairlyForm = type("AssignFairlyForm", (cls,), fields)(due_on=today + USUAL_TIME)
        form.today = today
        return form

    def validate_due_on(self, field: DateField) -> None:
        if field.data < self.today:
            raise ValidationError(_("Choose a day that is not over."))

    def reviewer_of(self, version: ItemVersion) -> SelectField:
        return self[field_name(version)]

    def asked(self, proposal: Proposal) -> list[tuple[ItemVersion, int]]:
        """The items that somebody is chosen for."""
        chosen = ((version, self.reviewer_of(version).data) for version in proposal.versions)
        return [(version, int(reviewer)) for version, reviewer in chosen if reviewer]


def field_name(version: ItemVersion) -> str:
    return f"reviewer-{version.item.code}"


def reviewer_field(version: ItemVersion, proposal: Proposal, names: Mapping[int, str]) -> SelectField:
    """Everybody who may review it, those who know its area first."""
    code, reviewers = version.item.code, proposal.reviewers
    able = sorted(
        proposal.able[code], key=lambda id_: (version.area not in reviewers[id_].areas, names[id_].casefold())
    )
    offered = [SelectChoice(str(id_), described(reviewers[id_], version, names[id_])) for id_ in able]
    choices = [SelectChoice("", _("Nobody yet")), *offered]
    proposed = proposal.proposed[code]
    return SelectField(_("Reviewer of %(code)s", code=code), choices=choices, default=str(proposed) if proposed else "")


def described(reviewer: Reviewer, version: ItemVersion, name: str) -> str:
    load = ngettext("%(num)s open review", "%(num)s open reviews", reviewer.load)
    said = [load, _("knows the area")] if version.area in reviewer.areas else [load]
    return f"{name} ({', '.join(said)})"
