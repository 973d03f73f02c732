"""The competency framework as shipped, and its changes."""

from dataclasses import astuple
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from question_bank.errors import RuleViolation
from question_bank.framework import Area, Framework, current_framework, default_framework, load_default
from question_bank.framework_changes import change_framework, changes_between
from question_bank.framework_edits import AreaText, TermText, with_area, with_levels
from tests.bank import Bank

TERMS_AT_LEVEL_4 = {
    "theoretical-foundations": 13, "law-regulation-policy": 3, "systems-expertise": 2, "direct-service-skills": 10,
    "working-with-others": 8, "leading-people": 3, "communicating": 4, "thinking": 5, "reflection": 6,
    "administration": 4, "research-and-evaluation": 3,
}  # fmt: skip
TERMS_AT_LEVEL_3 = {
    "theoretical-foundations": 10, "law-regulation-policy": 3, "systems-expertise": 2, "direct-service-skills": 10,
    "working-with-others": 7, "communicating": 3, "thinking": 5, "reflection": 6,
}  # fmt: skip


def counts(framework: Framework, level: int) -> dict[str, int]:
    found = {area.code: sum(level in term.labels for term in area.terms) for area in framework.areas}
    return {area: count for area, count in found.items() if count}


def thinking(framework: Framework) -> Area:
    area = framework.area("thinking")
    assert area is not None
    return area


def texts(area: Area) -> list[TermText]:
    return [TermText(term.code, term.labels) for term in area.terms]


def statements(framework: Framework, area: Area) -> list[tuple[str, str]]:
    return [(c.code, c.statement) for c in framework.competencies if c.area == area.code]


def rewrite(framework: Framework, area: Area, **changes: Any) -> Framework:
    """The framework with this area changed in these fields only."""
    same = {"terms": texts(area), "statements": statements(framework, area), "title": area.title}
    return with_area(
        framework,
        area,
        AreaText(**{**same, **changes, "kind": area.kind}, responsibility_codes=area.responsibility_codes),
    )


def save(db: Session, framework: Framework, by: int, at: datetime) -> None:
    change_framework(
        db, framework, based_on=1, effective_from=date(2027, 7, 1), reason="The committee met.", by=by, at=at
    )


def test_level_4_has_61_terms_in_11_areas() -> None:
    found = counts(default_framework(), 4)
    assert found == TERMS_AT_LEVEL_4
    assert sum(found.values()) == 61


def test_level_3_has_8_areas_and_waits_for_confirmation() -> None:
    framework = default_framework()
    assert counts(framework, 3) == TERMS_AT_LEVEL_3
    assert {level.level: level.confirmed for level in framework.levels} == {3: False, 4: True}


def test_advocacy_is_a_term_of_two_areas() -> None:
    framework = default_framework()
    assert [area.code for area in framework.areas if area.term("advocacy")] == [
        "direct-service-skills",
        "leading-people",
    ]
    assert framework.cell_name("leading-people", "advocacy") == "advocacy (Leading People)"


def test_every_competency_belongs_to_its_area_by_prefix() -> None:
    framework = default_framework()
    prefixes = {area.code: area.prefix for area in framework.areas}
    assert {competency.area for competency in framework.competencies} == set(prefixes)
    assert all(competency.code.startswith(prefixes[competency.area]) for competency in framework.competencies)


def test_the_shipped_framework_is_loaded_once(db: Session, at: datetime) -> None:
    assert load_default(db, at=at).version == 1
    assert load_default(db, at=at).version == 1


def test_a_renamed_a_new_and_a_removed_term_make_a_new_version(db: Session, bank: Bank, at: datetime) -> None:
    load_default(db, at=at)
    old = current_framework(db)
    area = thinking(old)
    terms = texts(area)
    terms[0] = TermText("analyzing", {3: "weighing information", 4: "analyzing information"})
    terms[1] = TermText("solving-problems", {4: "solving problems"})
    terms.append(TermText("", {4: "Ethical reasoning & doubt"}))
    new = rewrite(old, area, terms=terms, statements=statements(old, area))
    save(db, new, bank.author_id, at)
    assert current_framework(db) == new
    assert [astuple(change) for change in changes_between(old, new)] == [
        ("term", ("Thinking", 3), "analyzing information", "weighing information"),
        ("term", ("Thinking", 3), "solving problems", ""),
        ("term", ("Thinking", 4), "", "Ethical reasoning & doubt"),
    ]
    assert thinking(new).term("ethical-reasoning-doubt")


def test_a_term_that_items_cite_cannot_be_removed(db: Session, bank: Bank, at: datetime) -> None:
    load_default(db, at=at)
    bank.item("thinking", "judgment", levels=[4])
    bank.item("thinking", "judgment", levels=[4])
    old = current_framework(db)
    area = thinking(old)
    without = [text for text in texts(area) if text.code != "judgment"]
    new = rewrite(old, area, terms=without, statements=statements(old, area))
    with pytest.raises(RuleViolation, match=r"cannot be removed. Items that use it: 2 \(TH-0001, TH-0002\)"):
        save(db, new, bank.author_id, at)


def test_a_term_may_leave_the_level_at_which_no_item_cites_it(db: Session, bank: Bank, at: datetime) -> None:
    load_default(db, at=at)
    bank.item("thinking", "judgment", levels=[4])
    old = current_framework(db)
    area = thinking(old)
    terms = [TermText(t.code, {4: t.labels[4]} if t.code == "judgment" else t.labels) for t in texts(area)]
    save(db, rewrite(old, area, terms=terms, statements=[]), bank.author_id, at)
    assert current_framework(db).term_label("thinking", "judgment", 3) == "exercising sound judgment"
    assert counts(current_framework(db), 3)["thinking"] == 4


def test_a_new_statement_gets_the_next_number(at: datetime) -> None:
    old = default_framework()
    area = thinking(old)
    had = statements(old, area)
    new = rewrite(old, area, terms=texts(area), statements=[*had[:-1], ("", "Asks why.")])
    number = int(had[-1][0].removeprefix("TH-")) + 1
    assert statements(new, area)[-1] == (f"TH-{number:02}", "Asks why.")
    assert had[-1] not in statements(new, area)


def test_a_level_is_confirmed(db: Session, bank: Bank, at: datetime) -> None:
    load_default(db, at=at)
    old = current_framework(db)
    new = with_levels(old, {3: ("Specialist", True), 4: ("Infant Mental Health Mentor", True)})
    save(db, new, bank.author_id, at)
    assert [change.after for change in changes_between(old, new)] == ["Specialist", "confirmed"]


def test_an_area_cannot_lose_all_its_terms() -> None:
    framework = default_framework()
    with pytest.raises(RuleViolation, match="Thinking needs at least one term"):
        rewrite(framework, thinking(framework), terms=[], statements=[])


def test_two_areas_cannot_have_one_code_nor_a_text_be_endless() -> None:
    framework = default_framework()
    area = thinking(framework)
    with pytest.raises(RuleViolation):
        rewrite(framework, area, title="x" * 201, terms=texts(area), statements=[])


def test_saving_what_is_already_so_makes_no_version(db: Session, bank: Bank, at: datetime) -> None:
    load_default(db, at=at)
    with pytest.raises(RuleViolation, match="Nothing was changed"):
        save(db, current_framework(db), bank.author_id, at)


def test_a_change_made_on_an_old_version_is_refused(db: Session, bank: Bank, at: datetime) -> None:
    load_default(db, at=at)
    confirmed = {3: ("Infant Mental Health Specialist", True), 4: ("Infant Mental Health Mentor", True)}
    save(db, with_levels(current_framework(db), confirmed), bank.author_id, at)
    with pytest.raises(RuleViolation, match="Somebody else saved version 2 meanwhile"):
        save(db, default_framework(), bank.author_id, at)
