"""Page: the rules with dates, and which version of each is in force."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from examapp.admin.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.policies import Right
from examapp.security import requires
from examapp.shell import day_here
from question_bank.rule_documents import DocumentKind, in_force


@bp.get("/rules", endpoint="rules")
@requires(Right.CHANGE_RULES)
def show_rules() -> ResponseReturnValue:
    kinds = [
        (DocumentKind.EXAM_POLICY, _("Exam policy"), _("Parts, minutes, cut scores, choice of vignettes, retakes."),
         url_for("registration.policies")),
        (DocumentKind.REQUIREMENTS, _("Endorsement requirements"), _("What each level and track asks for."),
         url_for("endorsements.requirements")),
        (DocumentKind.FRAMEWORK, _("Framework"), _("Areas, terms and competencies: the tags of the item bank."),
         url_for("authoring.framework")),
    ]  # fmt: skip
    session, today = db_session(), day_here(now())
    rules = [(title, purpose, url, in_force(session, kind, today)) for kind, title, purpose, url in kinds]
    return render_template("admin/rules.html", rules=rules)
