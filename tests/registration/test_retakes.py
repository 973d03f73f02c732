"""Retakes: after the wait, only what failed, on another form, and never a vignette that was seen."""

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.endorsements.models import EndorsementFile
from examapp.registration.models import Administration, Registration
from examapp.registration.registrations import refusals, register
from examapp.registration.retakes import parts_to_take, retake_refusals
from question_bank.exam_policy import default_exam_policy
from question_bank.items import Item, ItemKind
from tests import factories
from tests.registration.conftest import BOTH_PASSED, PART_TWO_FAILED, MakeRecord


@pytest.fixture
def sat(db: Session, at: datetime, office: User, spring: Administration, file: EndorsementFile) -> Registration:
    """A sitting in spring that was started."""
    made = register(db, spring, file, by=office.id, at=at)
    made.started_at = spring.opens_at
    db.flush()
    return made


@pytest.mark.parametrize(
    ("passed", "only_failed", "expected"),
    [
        ({"part_one": True, "part_two": False}, True, ["part_two"]),
        ({"part_one": False, "part_two": True}, True, ["part_one"]),
        ({"part_one": False, "part_two": False}, True, ["part_one", "part_two"]),
        ({"part_two": False}, True, ["part_two"]),  # the second failure of a retake
        ({"part_one": True, "part_two": False}, False, ["part_one", "part_two"]),
    ],
)
def test_a_retake_covers_what_the_policy_says(
    sat: Registration, file: EndorsementFile, released: MakeRecord, passed: dict[str, bool], only_failed: bool,
    expected: list[str],
) -> None:  # fmt: skip
    released(sat, passed)
    policy = default_exam_policy().model_copy(update={"retake_only_failed_part": only_failed})
    assert parts_to_take(file, policy) == expected


@pytest.mark.parametrize(("day", "refused"), [(date(2028, 3, 23), True), (date(2028, 3, 24), False)])
def test_the_wait_counts_from_the_day_of_the_failed_attempt(
    sat: Registration, file: EndorsementFile, released: MakeRecord, day: date, refused: bool
) -> None:
    released(sat, PART_TWO_FAILED, sat_on=date(2027, 3, 25))  # 2028 has a February 29
    found = retake_refusals(file, default_exam_policy(), day)
    assert bool(found) is refused


def test_who_has_passed_does_not_sit_again(
    db: Session, at: datetime, sat: Registration, fall: Administration, file: EndorsementFile, released: MakeRecord
) -> None:
    record = released(sat, BOTH_PASSED)
    assert [str(reason) for reason in refusals(db, fall, file, at)] == [
        f"The written examination is passed already: record {record.number}."
    ]


def test_a_retake_after_the_wait_on_another_form_takes_the_failed_part(
    db: Session, at: datetime, office: User, sat: Registration, fall: Administration, file: EndorsementFile,
    released: MakeRecord,
) -> None:  # fmt: skip
    released(sat, PART_TWO_FAILED, sat_on=date(2027, 2, 1))
    assert register(db, fall, file, by=office.id, at=at).parts == ["part_two"]


def test_the_same_form_is_not_given_twice(
    db: Session, at: datetime, sat: Registration, fall: Administration, file: EndorsementFile, released: MakeRecord
) -> None:
    released(sat, PART_TWO_FAILED, sat_on=date(2027, 2, 1))
    fall.form_sha256 = sat.administration.form_sha256
    db.flush()
    assert "seen this form" in str(refusals(db, fall, file, at)[0])


@pytest.mark.parametrize(
    ("failed", "refused"),
    [({"part_one": True, "part_two": False}, True), ({"part_one": False, "part_two": True}, False)],
)
def test_no_vignette_is_met_twice(
    db: Session, at: datetime, sat: Registration, fall: Administration, file: EndorsementFile, released: MakeRecord,
    failed: dict[str, bool], refused: bool,
) -> None:  # fmt: skip
    released(sat, failed, sat_on=date(2027, 2, 1))
    groups: factories.Groups = (("l3-clinical", 3, None, 2, ["WOV-0001", "RFV-0002", "WOV-0003"]),)
    fall.form_sha256 = factories.sealed_form(db, at, title="Overlaps", groups=groups).sha256
    db.flush()
    found = [str(reason) for reason in refusals(db, fall, file, at)]
    assert [("RFV-0002" in reason) for reason in found] == [True] * refused


def of_one_set(db: Session, at: datetime, by: int, *codes: str) -> None:
    for code in codes:
        db.add(Item(code=code, kind=ItemKind.ESSAY, source="", author_id=by, created_at=at, set_code=codes[0]))
    db.flush()


def test_who_met_one_prompt_of_a_set_has_met_its_vignette(
    db: Session, at: datetime, office: User, sat: Registration, fall: Administration, file: EndorsementFile,
    released: MakeRecord,
) -> None:  # fmt: skip
    """In spring the candidate was offered RFV-0001 to RFV-0003."""
    released(sat, PART_TWO_FAILED, sat_on=date(2027, 2, 1))
    assert refusals(db, fall, file, at) == []
    of_one_set(db, at, office.id, "RFV-0002", "WOV-0003")
    assert [str(reason) for reason in refusals(db, fall, file, at)] == [
        "The candidate has seen a vignette of this form before: WOV-0003. A retake needs other vignettes."
    ]


def test_a_vignette_is_known_word_for_word_whatever_became_of_its_set(
    db: Session, at: datetime, sat: Registration, fall: Administration, file: EndorsementFile, released: MakeRecord
) -> None:
    released(sat, PART_TWO_FAILED, sat_on=date(2027, 2, 1))
    groups: factories.Groups = (
        ("l3-clinical", 3, None, 2, ["WOV-0001", "WOV-0002"]), ("other", 4, "policy", 1, ["RFV-0001", "WOV-0003"]),
    )  # fmt: skip
    for together, code in (([], ""), (["RFV-0001", "WOV-0002"], "WOV-0002"), (["RFV-0001", "WOV-0003"], "")):
        form = factories.sealed_form(db, at, title="Overlaps", groups=groups, together=together)
        fall.form_sha256 = form.sha256
        db.flush()
        assert [code in str(reason) for reason in refusals(db, fall, file, at)] == [True] * bool(code)


def test_a_void_sitting_has_shown_its_vignettes_too(
    db: Session, at: datetime, sat: Registration, fall: Administration, file: EndorsementFile
) -> None:
    sat.voided_at, sat.void_reason = at, "Phone in the room"
    fall.form_sha256 = sat.administration.form_sha256
    db.flush()
    assert "seen this form" in " ".join(map(str, refusals(db, fall, file, at)))


def test_a_sitting_of_part_one_alone_has_shown_no_vignette(
    db: Session, at: datetime, sat: Registration, fall: Administration, file: EndorsementFile
) -> None:
    sat.parts, sat.voided_at, sat.void_reason = ["part_one"], at, "Fire alarm"
    groups: factories.Groups = (("l3-clinical", 3, None, 2, ["RFV-0001", "RFV-0002", "RFV-0003"]),)
    fall.form_sha256 = factories.sealed_form(db, at, title="Same vignettes", groups=groups).sha256
    db.flush()
    assert refusals(db, fall, file, at) == []
