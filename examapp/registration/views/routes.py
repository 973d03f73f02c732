"""The blueprint, and what its pages share."""

from flask import Blueprint, abort

from examapp.db import db_session
from examapp.registration.models import AccommodationRequest, Administration, Registration
from examapp.registration.real import real_administration, real_registration

bp = Blueprint("registration", __name__)


def administration_or_404(administration_id: int) -> Administration:
    return real_administration(db_session(), administration_id) or abort(404)


def registration_or_404(administration_id: int, code: str) -> Registration:
    """The registration of this administration; a code of another one does not exist here."""
    found = real_registration(db_session(), code)
    return found if found and found.administration_id == administration_id else abort(404)


def request_or_404(request_id: int) -> AccommodationRequest:
    return db_session().get(AccommodationRequest, request_id) or abort(404)
