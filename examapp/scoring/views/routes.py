"""The blueprint, and what its pages share."""

from collections.abc import Sequence
from typing import TypeVar

from flask import Blueprint, abort, request
from sqlalchemy import select

from examapp.db import db_session
from examapp.paging import Page
from examapp.registration.models import Administration, Registration
from examapp.registration.real import real_administration, real_registrations
from examapp.scoring.models import ScoringRun
from question_bank.exam_policy import ExamPolicy, policy_of
from question_bank.rule_documents import RuleDocument

Row = TypeVar("Row")

bp = Blueprint("scoring", __name__)


def administration_or_404(administration_id: int) -> Administration:
    return real_administration(db_session(), administration_id) or abort(404)


def run_or_404(administration_id: int, number: int) -> ScoringRun:
    query = select(ScoringRun).filter_by(administration_id=administration_id, number=number)
    return db_session().scalar(query) or abort(404)


def registration_or_404(administration_id: int, code: str) -> Registration:
    query = real_registrations().filter_by(administration_id=administration_id, code=code)
    return db_session().scalar(query) or abort(404)


def policy_with(policy_id: int) -> ExamPolicy:
    return policy_of(db_session().get_one(RuleDocument, policy_id))


def requested_page() -> int:
    return request.args.get("page", 1, type=int)


def page_of(rows: Sequence[Row], size: int = 50) -> Page[Row]:
    """The page of a list that the address asks for."""
    pages = max(1, -(-len(rows) // size))
    page = min(max(1, requested_page()), pages)
    return Page(list(rows[(page - 1) * size : page * size]), page, pages, len(rows))
