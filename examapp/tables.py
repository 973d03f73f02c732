"""Imports every module that defines tables, once, for migrations and tests."""

from examapp.accounts import models as accounts
from examapp.delivery import models as delivery
from examapp.endorsements import models as endorsements
from examapp.proctoring import models as proctoring
from examapp.registration import models as registration
from examapp.scoring import models as scoring
from question_bank import audit, exam_blueprint, exam_forms, items, review, rule_documents
from question_bank.base import Base

__all__ = [
    "Base", "accounts", "audit", "delivery", "endorsements", "exam_blueprint", "exam_forms", "items", "proctoring",
    "registration", "review", "rule_documents", "scoring",
]  # fmt: skip
metadata = Base.metadata
