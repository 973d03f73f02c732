"""Changing the exam policy: always a new version, with a date and a reason, and comparing versions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from question_bank import rule_documents
from question_bank.errors import RuleViolation
from question_bank.exam_policy import ExamPolicy, policy_of, save_exam_policy
from question_bank.rule_documents import DocumentKind, RuleDocument


def change_exam_policy(
    session: Session, policy: ExamPolicy, *, based_on: int, effective_from: date, note: str, by: int, at: datetime
) -> RuleDocument:
    """The next version. Refused when ``based_on`` is no longer the newest, or when nothing differs from it."""
    stale = RuleViolation(
        "Somebody changed the exam policy while you had this page open. Nothing was saved: reload and look again."
    )
    newest = rule_documents.newest(session, DocumentKind.EXAM_POLICY)
    if newest is None or newest.version != based_on:
        raise stale
    if policy_of(newest) == policy and newest.effective_from == effective_from:
        raise RuleViolation("Nothing differs from the newest version, so there is nothing to save.")
    try:
        with session.begin_nested():
            return save_exam_policy(session, policy, effective_from=effective_from, note=note, by=by, at=at)
    except IntegrityError:
        raise stale from None


@dataclass(frozen=True)
class PolicyChange:
    """One value that differs between two versions. ``path`` names it: ("parts", "part_one", "minutes")."""

    path: tuple[str, ...]
    before: str | None
    after: str | None


def changes_between(old: ExamPolicy, new: ExamPolicy) -> list[PolicyChange]:
    """Every value that differs, in the order of the policy; None stands where a value came or went."""
    before, after = flattened(old.model_dump(mode="json")), flattened(new.model_dump(mode="json"))
    paths = list(after) + [path for path in before if path not in after]
    return [
        PolicyChange(path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)
    ]


def flattened(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    """The leaves of a document by their path. Rows of a list are named by their code, else by level and track."""
    if isinstance(value, dict):
        branches = [(str(name), branch) for name, branch in value.items()]
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        branches = [(row_name(row), row) for row in value]
    else:
        shown = ", ".join(value) if isinstance(value, list) else value
        return {path: "" if shown is None else str(shown)}
    leaves: dict[tuple[str, ...], str] = {}
    for name, branch in branches:
        leaves |= flattened(branch, (*path, name))
    return leaves


def row_name(row: dict[str, Any]) -> str:
    return str(row["code"]) if "code" in row else f"{row['level']} {row['track'] or ''}".strip()
