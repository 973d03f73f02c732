"""The device at the door: what a request tells of it, who is turned away, and the page to check it days before."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery import entry
from examapp.delivery.entry import Check, Device, findings_on, refusals
from examapp.delivery.forms import AcceptHonourForm
from examapp.delivery.progress import Progress
from examapp.delivery.tokens import StartTicket, sign_start
from examapp.delivery.views.loading import administration_or_404, own_registration, settled_progress
from examapp.delivery.views.routes import bp
from examapp.policies import Right
from examapp.registration.entry_rules import overrides_of, rules_of
from examapp.registration.models import Registration
from examapp.security import requires


def device_at_hand() -> Device:
    """The device as it is known after the trusted proxies. A browser knows this site by the name in its address line,
    or by PUBLIC_URL when a proxy keeps that name to itself."""
    below = request.url.removeprefix(request.url_root)
    return Device(
        address=request.remote_addr or "",
        urls=(request.url, f"{current_app.config['EXAMAPP'].public_url}/{below}"),
        config_key_hash=request.headers.get(entry.CONFIG_KEY_HEADER, ""),
        request_hash=request.headers.get(entry.BROWSER_EXAM_KEY_HEADER, ""),
    )


def turned_away(registration: Registration) -> Response | None:
    """Send a candidate whose device does not show what is asked to the page that says what to do; None: come in."""
    if registration.administration.entry_rules is None:
        return None
    failed = refusals(db_session(), registration, device_at_hand())
    if not failed:
        return None
    names = {
        Check.NETWORK: _("its network is not one of the examination"),
        Check.CONFIG_KEY: _("the examination opens only in Safe Exam Browser, with its settings"),
        Check.BROWSER_EXAM_KEY: _("the examination opens only in the version of Safe Exam Browser that was agreed"),
    }
    reasons = "; ".join(names[finding.check] for finding in failed)
    flash(_("The examination does not open on this computer: %(reasons)s.", reasons=reasons), "error")
    return redirect(url_for("delivery.check_computer", code=registration.code))


def start_form(registration: Registration) -> AcceptHonourForm:
    """The honour statement, with the access code where one is read out."""
    return AcceptHonourForm(access_code=rules_of(registration.administration).access_code)


@bp.app_template_global()
def start_ticket(progress: Progress) -> str:
    """What starts the next part, once the honour statement is accepted."""
    if progress.attempt is None or progress.next_part is None:
        return ""
    ticket = StartTicket(progress.registration.id, progress.next_part.rules.code)
    return sign_start(ticket, current_app.config["SECRET_KEY"])


@bp.get("/exam/<code>/computer")
@requires(Right.SIT_EXAM)
def check_computer(code: str) -> str:
    progress = settled_progress(own_registration(code), now())
    return computer_page(
        progress.registration.administration_id,
        registration=progress.registration,
        let_in=bool(overrides_of(db_session(), progress.registration)),
        running=[mine.rules.code for mine in progress.parts if mine.open],
    )


@bp.get("/administrations/<int:administration_id>/computer")
@requires(Right.MANAGE_EXAMS)
def try_computer(administration_id: int) -> str:
    """The same for who prepares the room, with what to do when something is not met."""
    return computer_page(administration_id)


def computer_page(administration_id: int, **values: object) -> str:
    administration, device = administration_or_404(administration_id), device_at_hand()
    rules = rules_of(administration)
    return render_template(
        "delivery/computer.html",
        administration=administration,
        rules=rules,
        findings=findings_on(rules, device),
        device=device,
        checked_at=now(),
        **values,
    )
