"""Areas, tracks and responsibility codes come, change and go; what went keeps its name."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from question_bank.errors import RuleViolation
from question_bank.framework import Area, Framework, current_framework, default_framework, load_default
from question_bank.framework_changes import change_framework, removals
from question_bank.framework_edits import (
    AreaText,
    TermText,
    with_new_area,
    with_responsibility_codes,
    with_tracks,
    without_area,
)
from tests.bank import Bank

PLAY = AreaText("Play and Joy", "knowledge", [TermText("", {3: "play", 4: "play in families"})], ["C", "T"])
TRACKS = {"clinical": "Clinical", "policy": "Policy", "research_faculty": "Research Faculty"}
Edit = Callable[[Framework], Framework]


def area(framework: Framework, code: str) -> Area:
    found = framework.area(code)
    assert found is not None
    return found


def letters(framework: Framework, **changes: str) -> dict[str, str]:
    return {entry.code: entry.title for entry in framework.responsibility_codes} | changes


def test_a_new_area_comes_last_with_its_terms() -> None:
    new = with_new_area(default_framework(), " pj ", PLAY)
    added = new.areas[-1]
    assert (added.code, added.prefix, added.levels()) == ("play-and-joy", "PJ", {3, 4})
    assert [term.code for term in added.terms] == ["play-in-families"]
    assert added.responsibility_codes == ["C", "T"]


def test_a_removed_area_takes_its_competencies_with_it() -> None:
    old = default_framework()
    new = without_area(old, area(old, "administration"))
    assert new.area("administration") is None
    assert not [entry for entry in new.competencies if entry.area == "administration"]
    assert {change.what for change in removals(old, new)} == {"area", "term", "competency"}


def test_tracks_are_renamed_added_and_removed() -> None:
    titles = {**TRACKS, "clinical": "Clinical Mentor", "policy": ""}
    new = with_tracks(default_framework(), titles, [(4, "Early Education")])
    assert [(track.code, track.title) for track in new.tracks] == [
        ("clinical", "Clinical Mentor"),
        ("research_faculty", "Research Faculty"),
        ("early-education", "Early Education"),
    ]


def test_a_removed_letter_leaves_the_areas_and_competencies_too() -> None:
    old = default_framework()
    new = with_responsibility_codes(old, letters(old, P="", C="Core work"), [("e", "Early education")])
    assert letters(new)["C"] == "Core work"
    assert [entry.code for entry in new.responsibility_codes] == ["C", "S", "T", "E"]
    assert area(new, "communicating").responsibility_codes == ["S", "T"]
    assert not [entry for entry in new.competencies if "P" in entry.responsibility_codes]


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda f: with_new_area(f, "TH", PLAY), "The letters TH belong to “Thinking”"),
        (lambda f: with_new_area(f, "PJ", AreaText("thinking", "skill", PLAY.terms)), "an area called “Thinking”"),
        (lambda f: with_new_area(f, "PJ", AreaText("Play", "skill", [])), "Play needs at least one term"),
        (lambda f: with_tracks(f, dict.fromkeys(TRACKS, ""), []), "Level 4 keeps at least one track"),
        (lambda f: with_tracks(f, TRACKS, [(3, "Home visiting")]), "Level 3 has no tracks"),
        (lambda f: with_tracks(f, TRACKS, [(4, "POLICY")]), "Two tracks of a level are called “POLICY”"),
        (lambda f: with_responsibility_codes(f, letters(f), [("c", "Care")]), "The letter C is taken"),
    ],
)
def test_what_cannot_be_is_refused(edit: Edit, sentence: str) -> None:
    with pytest.raises(RuleViolation, match=sentence):
        edit(default_framework())


def test_what_went_keeps_its_name_and_comes_back_as_itself(db: Session, bank: Bank, at: datetime) -> None:
    load_default(db, at=at)
    rest: dict[str, Any] = {"effective_from": date(2027, 7, 1), "reason": "Decided.", "by": bank.author_id, "at": at}
    old = current_framework(db)
    gone = area(old, "administration")
    change_framework(db, with_tracks(without_area(old, gone), {**TRACKS, "policy": ""}, []), based_on=1, **rest)
    without = current_framework(db)
    assert without.area_title("administration") == "Administration"
    assert without.term_label("administration", gone.terms[0].code) == gone.terms[0].labels[4]
    assert without.track_title("policy") == "Policy"
    back = AreaText("Administration", "skill", [TermText("", dict(term.labels)) for term in gone.terms], ["P"])
    change_framework(db, with_new_area(without, "AD", back), based_on=2, **rest)
    again = current_framework(db)
    assert area(again, "administration").terms == gone.terms
    assert set(again.retired.tracks) == {"policy"}
    assert not again.retired.areas
