"""Exam forms drafted from the shipped blueprint and policy, and what is said of them."""

from sqlalchemy.orm import Session

from question_bank import blueprint_plans, exam_forms, exam_policy, framework
from question_bank.exam_forms import ExamForm, FormPurpose
from tests.bank import Bank


def draft(
    db: Session,
    bank: Bank,
    title: str = "Form A",
    *,
    purpose: FormPurpose = FormPurpose.EXAM,
    seed: int = 1,
    differ_from: list[ExamForm] | None = None,
) -> ExamForm:
    framework.load_default(db, at=bank.at)
    return exam_forms.draft_form(
        db,
        title=title,
        purpose=purpose,
        blueprint=blueprint_plans.load_default(db, at=bank.at),
        policy=exam_policy.load_default(db, at=bank.at),
        seed=seed,
        differ_from=differ_from or [],
        by=bank.author_id,
        at=bank.at,
    )


def codes(form: ExamForm) -> set[str]:
    return {entry.item_version.item.code for entry in form.entries}


def sentences(db: Session, form: ExamForm) -> list[str]:
    return [str(problem) for problem in exam_forms.problems_of(db, form)]
