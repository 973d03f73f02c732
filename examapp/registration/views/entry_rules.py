"""The page of the entry rules."""

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right
from examapp.registration.entry_rules import change_rules, rules_of
from examapp.registration.forms.entry_rules import EntryRulesForm
from examapp.registration.models import Administration
from examapp.registration.views.administrations import announced
from examapp.registration.views.routes import administration_or_404, bp
from examapp.security import acting_user, requires
from question_bank.errors import RuleViolation


@bp.route("/administrations/<int:administration_id>/entry", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def entry_rules(administration_id: int) -> str | Response | tuple[str, int]:
    found = administration_or_404(administration_id)
    form = EntryRulesForm(data=None if request.method == "POST" else typed_rules(found))
    if form.validate_on_submit():
        try:
            change_rules(db_session(), found, form.wanted(), by=acting_user().id, at=now())
        except RuleViolation as refusal:
            form.form_errors.append(sentence_of(refusal))
        else:
            return announced(found, _("The entry rules are saved."))
    page = render_template("registration/entry_rules.html", form=form, administration=found)
    return (page, 422) if request.method == "POST" else page


def typed_rules(found: Administration) -> dict[str, str]:
    rules = rules_of(found)
    return {
        "access_code": rules.access_code,
        "allowed_networks": "\n".join(rules.allowed_networks),
        "config_keys": "\n".join(rules.config_keys),
        "browser_exam_keys": "\n".join(rules.browser_exam_keys),
    }
