"""What stands on an answer sheet, typed in by two people, becomes an attempt like any other."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import attempts, leases, verification
from examapp.delivery.hand_in import code_of, verify
from examapp.delivery.models import PAPER, AttemptPart, ClosedBy, PaperEntry, TimeKind
from examapp.delivery.option_order import option_order
from examapp.delivery.paper.comparison import Difference, DifferenceKind, differences
from examapp.delivery.paper.edition import PrintSize, edition_of, note_printing
from examapp.delivery.paper.entries import TypedSheet, discard, entries_of, save_draft, typed_text
from examapp.delivery.responses import responses_of
from examapp.endorsements.signing import Signer, make_key
from examapp.registration.insiders import insider_refusals
from examapp.registration.models import Accommodation, Registration
from examapp.scoring.models import PartScore
from examapp.scoring.runs import score
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.exam_policy import PART_ONE, PART_TWO
from tests import factories
from tests.delivery.answer_sheets import make_attempt, numbering_for, sheet, type_in
from tests.personas import Personas

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def paul(personas: Personas) -> User:
    return personas.proctor(name="Paul Proctor")


@pytest.fixture
def rosa(personas: Personas) -> User:
    return personas.administrator(name="Rosa Office")


@pytest.fixture
def typed_in(db: Session, sitting: Registration, paul: User, rosa: User, at: datetime) -> TypedSheet:
    """Both have typed in Part One alike, the next day."""
    typed = sheet(at, {"TF-0001": "b", "TF-0003": "d"})
    for person in (paul, rosa):
        type_in(db, sitting, typed, person, at=at + DAY)
    return typed


def test_two_entries_that_agree_become_a_closed_part_with_a_whole_log(
    db: Session, sitting: Registration, typed_in: TypedSheet, rosa: User, at: datetime
) -> None:
    part = make_attempt(db, sitting, rosa, at=at + DAY)
    assert (part.started_at, part.closed_at, part.closed_by) == (at, at + 60 * MINUTE, ClosedBy.STAFF)
    assert (part.on_paper, sitting.started_at, part.attempt.honour_accepted_at) == (True, at, at)
    assert responses_of(db, [part.id])[part.id].answers == typed_in.answers
    [check] = verification.check_parts(db, part.id)
    assert (check.events, check.faults) == (2, [])
    [closing] = db.scalars(select(AuditEvent).where(AuditEvent.action == "part.closed"))
    assert (closing.at, closing.actor_id) == (at + DAY, rosa.id)


def test_an_attempt_on_paper_is_scored_and_proved_like_any_other(
    db: Session, app: Flask, sitting: Registration, typed_in: TypedSheet, rosa: User, at: datetime
) -> None:
    make_key(app.config["EXAMAPP"])
    signer = Signer(app.config["EXAMAPP"])
    part = make_attempt(db, sitting, rosa, at=at + DAY)
    code = code_of(part, signer)
    verdict = verify(db, code or "", signer)
    assert verdict and verdict.intact and verdict.hand_in.closed_at == at + 60 * MINUTE
    run = score(db, sitting.administration, by=rosa.id, at=at + DAY)
    assert db.get_one(PartScore, (run.id, sitting.id, PART_ONE)).raw == 1  # of both answers one is the key


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)


@settings(max_examples=25)
@given(
    letters=st.dictionaries(st.sampled_from([f"TF-{n:04}" for n in range(1, 5)]), st.sampled_from("abcd")),
    essays=st.dictionaries(st.sampled_from([f"RFV-{n:04}" for n in range(1, 4)]), TEXTS),
    chosen=st.sets(st.sampled_from([f"RFV-{n:04}" for n in range(1, 4)]), max_size=2),
)
def test_the_attempt_holds_exactly_what_was_typed(
    db: Session, sitting: Registration, paul: User, rosa: User, personas: Personas, at: datetime,
    letters: dict[str, str], essays: dict[str, str], chosen: set[str],
) -> None:  # fmt: skip
    own = factories.registration(db, at, personas.candidate(), sitting.administration)
    written = {code: text for code, value in essays.items() if (text := typed_text(value))}
    for part, typed in (
        (PART_ONE, sheet(at, letters)),
        (PART_TWO, sheet(at + 60 * MINUTE, written, *sorted(chosen))),
    ):
        for person in (paul, rosa):
            type_in(db, own, typed, person, at=at + DAY, part=part)
        made = make_attempt(db, own, paul, at=at + DAY, part=part)
        kept = responses_of(db, [made.id])[made.id]
        assert (kept.answers, kept.chosen) == (typed.answers, typed.chosen)
        assert next(verification.check_parts(db, made.id)).faults == []


def test_what_differs_is_named_and_keeps_the_attempt_from_being_made(
    db: Session, sitting: Registration, paul: User, rosa: User, at: datetime
) -> None:
    type_in(db, sitting, sheet(at, {"TF-0001": "b", "TF-0002": "c"}), paul, at=at + DAY)
    type_in(db, sitting, sheet(at, {"TF-0001": "b", "TF-0002": "d"}, minutes=61), rosa, at=at + DAY)
    first, second = entries_of(db, sitting, PART_ONE)
    found = differences(first, second, numbering_for(db, sitting))
    ends = (at + 60 * MINUTE, at + 61 * MINUTE)
    assert found == [Difference(DifferenceKind.ENDED, times=ends), Difference(DifferenceKind.LETTER, 2, "C", "D")]
    with pytest.raises(RuleViolation, match="do not agree"):
        make_attempt(db, sitting, rosa, at=at + DAY)
    type_in(db, sitting, sheet(at, {"TF-0001": "b", "TF-0002": "c"}), rosa, at=at + 2 * DAY)
    assert make_attempt(db, sitting, rosa, at=at + 2 * DAY).closed_at == at + 60 * MINUTE
    corrected = db.scalars(select(AuditEvent).where(AuditEvent.action == "paper.entry_corrected")).one()
    assert (corrected.actor_id, corrected.details["changed"]) == (rosa.id, ["TF-0002"])


def test_one_person_is_not_two(db: Session, sitting: Registration, paul: User, at: datetime) -> None:
    for _ in range(2):
        type_in(db, sitting, sheet(at, {"TF-0001": "b"}), paul, at=at + DAY)
    with pytest.raises(RuleViolation, match="Two people"):
        make_attempt(db, sitting, paul, at=at + DAY)


def test_a_draft_counts_for_nobody(db: Session, sitting: Registration, paul: User, rosa: User, at: datetime) -> None:
    type_in(db, sitting, sheet(at, {"TF-0001": "b"}), paul, at=at + DAY)
    save_draft(db, sitting, PART_ONE, TypedSheet({"TF-0001": "b"}, [], None, None), by=rosa.id, at=at + DAY)
    with pytest.raises(RuleViolation, match="Two people"):
        make_attempt(db, sitting, paul, at=at + DAY)


def test_a_third_person_waits_until_one_of_the_two_discards(
    db: Session, sitting: Registration, typed_in: TypedSheet, personas: Personas, rosa: User, at: datetime
) -> None:
    third = personas.proctor()
    with pytest.raises(RuleViolation, match="Two other people"):
        type_in(db, sitting, typed_in, third, at=at + DAY)
    discard(db, entries_of(db, sitting, PART_ONE)[0], sitting, by=rosa.id, at=at + DAY)
    type_in(db, sitting, typed_in, third, at=at + DAY)
    assert len(entries_of(db, sitting, PART_ONE)) == 2


@pytest.mark.parametrize(
    ("start", "minutes", "sentence"),
    [
        (-61, 30, "The window opened at 2027-03-15 09:00"),
        (0, 91, "ended at 2027-03-15 11:30 at the latest"),
        (60 * 7, 61, "ended at 2027-03-15 18:00 at the latest"),
        (0, 0, "before the start"),
        (2 * 60, 61, "in the future"),
    ],
)
def test_times_that_cannot_be_are_refused(
    db: Session, sitting: Registration, paul: User, at: datetime, start: int, minutes: int, sentence: str
) -> None:
    typed = sheet(at + start * MINUTE, {"TF-0001": "b"}, minutes=minutes)
    with pytest.raises(RuleViolation) as refusal:
        type_in(db, sitting, typed, paul, at=at + (3 if "future" in sentence else 24) * 60 * MINUTE)
    assert sentence in str(refusal.value)


def test_an_accommodation_lengthens_the_time_on_paper_and_breaks_go_into_the_ledger(
    db: Session, sitting: Registration, paul: User, rosa: User, at: datetime
) -> None:
    office = sitting.registered_by_id
    sitting.accommodations.append(
        Accommodation(factor=Decimal(1), extra_minutes=10, break_minutes=15, reason="Letter.", granted_at=at,
                      granted_by_id=office)
    )  # fmt: skip
    db.flush()
    for person in (paul, rosa):
        type_in(db, sitting, sheet(at, {}, minutes=107), person, at=at + DAY)
    part = make_attempt(db, sitting, rosa, at=at + DAY)
    ledger = [(row.kind, row.seconds // 60) for row in part.adjustments]
    assert ledger == [(TimeKind.ALLOWANCE, 90), (TimeKind.ACCOMMODATION, 10), (TimeKind.BREAK, 7)]
    assert part.closed_at == part.deadline_at == at + 107 * MINUTE
    with pytest.raises(RuleViolation, match="13:42 at the latest"):
        type_in(db, sitting, sheet(at + 107 * MINUTE, {}, minutes=196), paul, at=at + DAY, part=PART_TWO)


def test_a_part_taken_on_the_screen_is_not_overwritten_by_paper(
    db: Session, part: AttemptPart, sitting: Registration, paul: User, at: datetime
) -> None:
    with pytest.raises(RuleViolation, match="taken on the screen"):
        type_in(db, sitting, sheet(at, {"TF-0001": "b"}), paul, at=at + DAY)


def test_no_tab_can_pretend_to_be_paper(db: Session, sitting: Registration, at: datetime) -> None:
    part = factories.started_part(db, at, sitting)
    leases.acquire(db, part, PAPER, take_over=False, at=at)
    assert (part.lease_holder, part.on_paper) == (PAPER, False)


def test_a_part_written_on_paper_is_not_taken_on_the_screen(
    db: Session, sitting: Registration, typed_in: TypedSheet, rosa: User, at: datetime
) -> None:
    with pytest.raises(RuleViolation, match="on paper"):
        attempts.start_part(db, sitting, PART_ONE, at=at + 2 * 60 * MINUTE, accepts_honour=True)
    made = make_attempt(db, sitting, rosa, at=at + DAY)
    assert attempts.start_part(db, sitting, PART_ONE, at=at + 3 * 60 * MINUTE).id == made.id
    assert made.closed_at == at + 60 * MINUTE
    with pytest.raises(RuleViolation, match="the attempt already"):
        make_attempt(db, sitting, rosa, at=at + DAY)


def test_part_two_on_paper_follows_part_one(
    db: Session, sitting: Registration, typed_in: TypedSheet, paul: User, rosa: User, at: datetime
) -> None:
    essay = sheet(at + 59 * MINUTE, {"RFV-0001": "She is tired."}, "RFV-0001")
    for person in (paul, rosa):
        type_in(db, sitting, essay, person, at=at + DAY, part=PART_TWO)
    with pytest.raises(RuleViolation, match="Hand in Part One"):
        make_attempt(db, sitting, rosa, at=at + DAY, part=PART_TWO)
    make_attempt(db, sitting, rosa, at=at + DAY)
    with pytest.raises(RuleViolation, match="ended after this start"):
        make_attempt(db, sitting, rosa, at=at + DAY, part=PART_TWO)


def test_no_more_vignettes_are_ticked_than_are_asked_for(
    db: Session, sitting: Registration, paul: User, at: datetime
) -> None:
    three = sheet(at, {}, "RFV-0001", "RFV-0002", "RFV-0003")
    with pytest.raises(RuleViolation, match="no more than 2"):
        type_in(db, sitting, three, paul, at=at + DAY, part=PART_TWO)


def test_nobody_types_in_their_own_answers_nor_those_of_a_registration_not_in_force(
    db: Session, sitting: Registration, paul: User, at: datetime
) -> None:
    with pytest.raises(RuleViolation, match="Somebody else"):
        type_in(db, sitting, sheet(at, {}), sitting.candidate, at=at + DAY)
    sitting.withdrawn_at = at
    with pytest.raises(RuleViolation, match="no longer in force"):
        type_in(db, sitting, sheet(at, {}), paul, at=at + DAY)


def test_what_became_the_attempt_stays_as_it_was_typed(
    db: Session, sitting: Registration, typed_in: TypedSheet, rosa: User, at: datetime
) -> None:
    make_attempt(db, sitting, rosa, at=at + DAY)
    entry = entries_of(db, sitting, PART_ONE)[0]
    with pytest.raises(RuleViolation, match="the attempt already"):
        discard(db, entry, sitting, by=rosa.id, at=at + DAY)
    entry.answers = {"TF-0001": "a"}
    with pytest.raises(IntegrityError):
        db.flush()


def test_who_printed_a_form_or_typed_in_answers_to_it_does_not_sit_it(
    db: Session, sitting: Registration, typed_in: TypedSheet, paul: User, personas: Personas
) -> None:
    stranger, printer = personas.proctor(), personas.proctor()
    note_printing(
        db, edition_of(db, sitting, PART_TWO, PrintSize.LARGE), by=printer.id, at=sitting.administration.opens_at
    )
    found = insider_refusals(db, sitting.administration, [paul, printer, stranger])
    assert "typed in answers" in str(found[paul.id][0])
    assert "printed this form" in str(found[printer.id][0])
    assert found[stranger.id] == []


def test_the_letters_are_those_of_the_candidates_own_order(
    db: Session, sitting: Registration, paul: User, at: datetime
) -> None:
    sitting.administration.shuffle_options = True
    numbering = numbering_for(db, sitting)
    shown = list(numbering.letters["TF-0001"])
    assert shown == option_order(sitting.code, factories.sealed_item(1))
    assert [numbering.letter("TF-0001", option) for option in shown] == list("ABCD")


def test_a_transfer_that_fails_leaves_nothing(
    db: Session, sitting: Registration, paul: User, rosa: User, at: datetime
) -> None:
    for person, letter in ((paul, "a"), (rosa, "b")):
        type_in(db, sitting, sheet(at, {"TF-0001": letter}), person, at=at + DAY)
    db.commit()
    with pytest.raises(RuleViolation):
        make_attempt(db, sitting, rosa, at=at + DAY)
    db.rollback()
    assert db.scalar(select(func.count()).select_from(AttemptPart)) == 0
    assert {entry.transferred_at for entry in db.scalars(select(PaperEntry))} == {None}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("One  two \r\n\r\n\r\nthree\t", "One two\n\nthree"),
        ("\n \n", ""),
        ("niño “x”", "niño “x”"),
    ],
)
def test_handwriting_has_words_and_paragraphs(typed: str, kept: str) -> None:
    assert typed_text(typed) == kept
