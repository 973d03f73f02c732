"""Imports every module that defines tables, once, for migrations and tests."""

from examapp.accounts import models as accounts
from examapp.delivery import models as delivery
from examapp.endorsements import models as endorsements
from examapp.proctoring import models as proctoring
from examapp.registration import models as registration
from examapp.scoring import models as scoring
from question_bank import (
    assignments,
    audit,
    bulk_deeds,
    enemies,
    exam_blueprint,
    exam_forms,
    expertise,
    items,
    pictures,
    review,
    review_comments,
    review_conflicts,
    rule_documents,
    saved_filters,
    sheet_columns,
)
from question_bank.base import Base

__all__ = [
    "Base", "accounts", "assignments", "audit", "bulk_deeds", "delivery", "endorsements", "enemies", "exam_blueprint",
    "exam_forms", "expertise", "items", "pictures", "proctoring", "registration", "review", "review_comments",
    "review_conflicts", "rule_documents", "saved_filters", "scoring", "sheet_columns",
]  # fmt: skip
metadata = Base.metadata
