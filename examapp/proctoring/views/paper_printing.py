"""The paper edition: for one candidate, or blank for a level and track."""

from flask import Response
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import SelectChoice

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.paper.document import paper_pdf
from examapp.delivery.paper.edition import PaperEdition, PrintSize, blank_edition, edition_of, note_printing
from examapp.endorsements.forms import level_and_track, level_label
from examapp.policies import Right, may_watch
from examapp.proctoring import room
from examapp.proctoring.forms import PrintPaperForm
from examapp.proctoring.views.routes import Page, administration_or_404, bp, form_page, registration_or_404
from examapp.registration.models import Administration
from examapp.registration.registrations import policy_for
from examapp.security import acting_user, requires
from examapp.shell import rule_text
from question_bank.errors import RuleViolation
from question_bank.exam_forms import sealed_document
from question_bank.framework import Framework, current_framework
from question_bank.pictures import picture_files


@bp.route("/administrations/<int:administration_id>/paper", methods=["GET", "POST"])
@requires(Right.MANAGE_EXAMS)
def print_paper(administration_id: int) -> Page:
    session, at, administration = db_session(), now(), administration_or_404(administration_id)
    framework, policy, form = current_framework(session), policy_for(administration), PrintPaperForm()
    form.whom.choices = choices_for(administration, framework)
    form.part.choices = [SelectChoice(rules.code, rule_text(rules.title)) for rules in policy.parts]
    over = administration.cancelled_at is not None or at >= administration.closes_at
    values = {"administration": administration, "over": over}
    if not form.validate_on_submit():
        return form_page("proctoring/print_paper.html", form, values)
    try:
        edition = asked_edition(administration, form)
        note_printing(session, edition, by=acting_user().id, at=at)
        session.commit()  # before the typesetting, which takes a second
    except RuleViolation as violation:
        return form_page("proctoring/print_paper.html", form, values, violation)
    return booklet(edition, framework)


def choices_for(administration: Administration, framework: Framework) -> list[SelectChoice]:
    """The candidates but the reader; and blank copies, where everybody has the options in the same order."""
    seats = db_session().scalars(room.seating(administration))
    candidates = [
        SelectChoice(seat.code, f"{seat.candidate.name} ({seat.code})")
        for seat in seats
        if seat.active and may_watch(acting_user(), seat)
    ]
    document = sealed_document(db_session(), administration.form_sha256)
    places = dict.fromkeys((group.level, group.track or "") for group in document.slot_groups)
    blanks = [
        SelectChoice(f"{level}/{track}", _("Blank copy, %(level)s", level=level_label(framework, level, track)))
        for level, track in ([] if administration.shuffle_options else places)
    ]
    return [SelectChoice("", _("Choose")), *candidates, *blanks]


def asked_edition(administration: Administration, form: PrintPaperForm) -> PaperEdition:
    session, whom, part = db_session(), form.whom.data, form.part.data
    size, language = PrintSize(form.size.data), form.language.data
    if "/" not in whom:
        return edition_of(session, registration_or_404(administration.id, whom), part, size, language)
    level, track = level_and_track(whom)
    return blank_edition(session, administration, part, level, track, size, language)


def booklet(edition: PaperEdition, framework: Framework) -> Response:
    """The PDF, in the candidate's language."""
    registration = edition.registration
    locale = registration.candidate.locale if registration else str(get_locale())
    whose = registration.code if registration else "-".join(filter(None, ("level", str(edition.level), edition.track)))
    name = f"{whose}-{edition.rules.code.replace('_', '-')}-{edition.size}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    document = paper_pdf(edition, framework, locale, picture_files(db_session(), edition.content.pictures))
    return Response(document, content_type="application/pdf", headers=headers)
