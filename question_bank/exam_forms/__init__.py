"""Exam forms: drafted from the bank, checked, then sealed for ever.

A sealed form is one canonical JSON document addressed by its SHA-256. It holds what a candidate may see and nothing
else; the keys stand in rows of their own (`FormKey`), so what delivery reads cannot leak them.
"""

from question_bank.exam_forms.checks import notes_of, problems_of
from question_bank.exam_forms.composition import forms_with, newest_forms, shared_with, spanish_shares, written_since
from question_bank.exam_forms.drafting import (
    NotEnoughItems,
    add_trial,
    discard,
    draft_form,
    exchange,
    remove_trial,
    replacements_for,
    trials_for,
)
from question_bank.exam_forms.models import ExamForm, FormEntry, FormKey, FormPurpose, SealedForm
from question_bank.exam_forms.sealing import (
    document_of,
    key_document,
    newest_key,
    newest_keys,
    seal,
    sealed_document,
)

__all__ = [
    "ExamForm", "FormEntry", "FormKey", "FormPurpose", "NotEnoughItems", "SealedForm", "add_trial", "discard",
    "document_of", "draft_form", "exchange", "forms_with", "key_document", "newest_forms", "newest_key",
    "newest_keys", "notes_of", "problems_of", "remove_trial", "replacements_for", "seal", "sealed_document",
    "shared_with", "spanish_shares", "trials_for", "written_since",
]  # fmt: skip
