"""The home page: for visitors what this is, for people who have signed in what is waiting for them."""

from datetime import datetime

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext, ngettext
from flask_login import current_user
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.accounts.outbox import given_up
from examapp.admin.directory import AccountState, expired_invitations
from examapp.admin.views.routes import bp
from examapp.authoring.views.waiting import waiting as authoring_waiting
from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.practice import offer_to
from examapp.delivery.views import waiting as delivery_waiting
from examapp.endorsements.views.files import waiting as endorsements_waiting
from examapp.policies import Right, has_right
from examapp.proctoring.views import waiting as proctoring_waiting
from examapp.registration.views.accommodation_requests import waiting as requests_waiting
from examapp.registration.views.registrations import waiting as registration_waiting
from examapp.scoring.views.waiting import waiting as scoring_waiting
from examapp.security import acting_user, public
from examapp.shell import NAVIGATION, day_here
from examapp.waiting import WaitingItem
from question_bank.exam_policy import current_exam_policy

# What each place is for, in the words of somebody who opens the site for the first time.
PLACES = {
    "delivery.examinations": lazy_gettext("See when you may start, and take the examination."),
    "scoring.my_results": lazy_gettext("What you reached in each part, and what comes next."),
    "endorsements.my_files": lazy_gettext("What your endorsement asks for, and what is recorded of it."),
    "authoring.items": lazy_gettext("Write items, review those of others, import and search."),
    "authoring.forms": lazy_gettext("Assemble an exam form from the bank, check it, and seal it."),
    "authoring.framework": lazy_gettext("What the examination asks about: areas, terms and competencies."),
    "registration.administrations": lazy_gettext("Announce dates, register candidates, grant accommodations."),
    "proctoring.rooms": lazy_gettext("See who is writing, admit people, and give time back."),
    "scoring.my_ratings": lazy_gettext("Read the essays assigned to you, without knowing whose they are."),
    "scoring.administrations": lazy_gettext("Score, settle readings that differ, and release results by two people."),
    "endorsements.files": lazy_gettext("Every candidate's requirements, and what is recorded of each."),
    "reporting.reports": lazy_gettext("How an administration went, item by item, and the pass records."),
    "admin.people": lazy_gettext("Invite people, give them roles, close accounts."),
    "admin.rules": lazy_gettext("The exam policy, the endorsement requirements and the framework, with their dates."),
    "admin.audit_trail": lazy_gettext("Who did what, and when."),
}


def waiting(session: Session, user: User, at: datetime) -> list[WaitingItem]:
    """What administrators of people have to look at."""
    if not has_right(user, Right.MANAGE_PEOPLE):
        return []
    items = []
    if stuck := given_up(session):
        text = ngettext("%(num)s mail could not be delivered", "%(num)s mails could not be delivered", stuck)
        items.append(WaitingItem(text, url_for("admin.outbox"), stuck))
    if expired := expired_invitations(session, at):
        text = ngettext("%(num)s invitation has expired unused", "%(num)s invitations have expired unused", expired)
        items.append(WaitingItem(text, url_for("admin.people", state=AccountState.INVITED), expired))
    return items


# In the order in which people meet them: what a candidate must do comes first.
WAITING = (
    delivery_waiting,
    endorsements_waiting,
    proctoring_waiting,
    scoring_waiting,
    authoring_waiting,
    requests_waiting,
    registration_waiting,
    waiting,
)


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    at = now()
    if not current_user.is_authenticated:
        return render_template("home/public.html", policy=current_exam_policy(db_session(), day_here(at)))
    user = acting_user()
    items = [item for offer in WAITING for item in offer(db_session(), user, at)]
    practice = offer_to(db_session(), user.id, at) if has_right(user, Right.SIT_EXAM) else None
    return render_template("admin/home.html", items=items, places=places_of(user), practice=practice)


def places_of(user: User) -> list[tuple[str, str, str]]:
    """Where this person can go: label, address, and what it is for."""
    return [
        (str(entry.label), url_for(entry.endpoint), str(PLACES[entry.endpoint]))
        for entry in NAVIGATION
        if entry.endpoint in PLACES.keys() & current_app.view_functions.keys()
        and (entry.right is None or has_right(user, entry.right))
    ]
