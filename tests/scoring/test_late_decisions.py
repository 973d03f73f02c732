"""Late changes count only when two administrators let them, and only while they can still reach the score."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, User
from examapp.delivery.late import LateState, undecided
from examapp.delivery.models import AttemptPart, EventKind, LateAcceptance
from examapp.delivery.responses import logged_responses_of, responses_of
from examapp.endorsements.signing import Signer, make_key
from examapp.registration.registrations import void
from examapp.scoring import late_decisions, release, runs
from examapp.scoring.models import EssayResponse, EssayResponseSource, PartScore
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.exam_policy import PART_ONE, PART_TWO
from tests.scoring.exam import Exam, answer, chosen
from tests.scoring.late import WHY, arrive_late, part_of


def propose(exam: Exam, part: AttemptPart, up_to: int, by: User | None = None) -> LateAcceptance:
    who = (by or exam.chief).id
    return late_decisions.propose(exam.db, part, up_to=up_to, reason=WHY, by=who, at=exam.at)


def accept(exam: Exam, part: AttemptPart, up_to: int, at: datetime | None = None) -> None:
    late_decisions.confirm(exam.db, propose(exam, part, up_to), by=exam.second.id, at=at or exam.at)


def answers(exam: Exam, part: AttemptPart) -> dict[str, str]:
    return responses_of(exam.db, [part.id])[part.id].answers


def test_late_changes_do_not_count_until_a_second_administrator_confirms(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(right=4), PART_ONE)
    last = arrive_late(db, part, answer("TF-0005", "b"), at=exam.at)
    assert answers(exam, part)["TF-0005"] == "a"
    decision = propose(exam, part, last)
    assert answers(exam, part)["TF-0005"] == "a"
    late_decisions.confirm(db, decision, by=exam.second.id, at=exam.at)
    assert answers(exam, part)["TF-0005"] == "b"
    assert logged_responses_of(db, [part.id])[part.id].answers["TF-0005"] == "a"


def test_accepted_changes_come_after_what_was_saved_in_the_order_of_their_arrival(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(), PART_ONE)
    last = arrive_late(db, part, answer("TF-0001", "c"), answer("TF-0002", ""), answer("TF-0001", "d"), at=exam.at)
    accept(exam, part, last)
    assert answers(exam, part)["TF-0001"] == "d"
    assert "TF-0002" not in answers(exam, part)


def test_what_was_not_on_the_page_is_not_decided_on(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(right=5), PART_ONE)
    seen = arrive_late(db, part, answer("TF-0001", "c"), at=exam.at)
    arrive_late(db, part, answer("TF-0002", "c"), at=exam.at)
    accept(exam, part, seen)
    assert (answers(exam, part)["TF-0001"], answers(exam, part)["TF-0002"]) == ("c", "b")
    assert [late.state for late in undecided(db)] == [LateState.WAITING]


def test_the_proposer_neither_confirms_nor_declines(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(), PART_ONE)
    decision = propose(exam, part, arrive_late(db, part, answer("TF-0001", "c"), at=exam.at))
    with pytest.raises(RuleViolation, match="another administrator"):
        late_decisions.confirm(db, decision, by=exam.chief.id, at=exam.at)
    with pytest.raises(RuleViolation, match="another administrator"):
        late_decisions.decline(db, decision, reason="No.", by=exam.chief.id, at=exam.at)


@pytest.mark.parametrize("deed", [late_decisions.propose, late_decisions.leave_out])
def test_nobody_decides_for_themselves_or_without_a_reason(exam: Exam, db: Session, deed: object) -> None:
    assert callable(deed)
    sitting = exam.sat()
    part = part_of(exam, sitting, PART_ONE)
    last = arrive_late(db, part, answer("TF-0001", "c"), at=exam.at)
    with pytest.raises(RuleViolation, match="own registration"):
        deed(db, part, up_to=last, reason=WHY, by=sitting.candidate_id, at=exam.at)
    with pytest.raises(RuleViolation, match="reason"):
        deed(db, part, up_to=last, reason=" ", by=exam.chief.id, at=exam.at)


def test_a_decision_is_taken_once(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(), PART_ONE)
    last = arrive_late(db, part, answer("TF-0001", "c"), at=exam.at)
    decision = propose(exam, part, last)
    with pytest.raises(RuleViolation, match="proposed already"):
        propose(exam, part, last, by=exam.second)
    late_decisions.confirm(db, decision, by=exam.second.id, at=exam.at)
    with pytest.raises(RuleViolation, match="decided meanwhile"):
        late_decisions.decline(db, decision, reason="No.", by=exam.second.id, at=exam.at)
    with pytest.raises(RuleViolation, match="Nothing is left"):
        propose(exam, part, last)


def test_what_was_left_out_or_declined_may_be_proposed_again(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(), PART_ONE)
    last = arrive_late(db, part, answer("TF-0001", "c"), at=exam.at)
    late_decisions.leave_out(db, part, up_to=last, reason="Too late.", by=exam.chief.id, at=exam.at)
    late_decisions.decline(db, propose(exam, part, last), reason="Still.", by=exam.second.id, at=exam.at)
    assert (undecided(db), answers(exam, part)["TF-0001"]) == ([], "b")
    accept(exam, part, last)
    assert answers(exam, part)["TF-0001"] == "c"


def test_the_score_of_part_one_follows_and_an_older_run_stays_what_it_was(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(right=3), PART_ONE)
    before = exam.scored()
    last = arrive_late(db, part, answer("TF-0004", "b"), at=exam.at)
    accept(exam, part, last, at=exam.at + timedelta(minutes=1))
    later = exam.at + timedelta(minutes=2)
    assert runs.outdated(db, exam.administration, before, at=later)
    assert runs.verify_run(db, exam.administration, before) == []
    after = exam.score(at=later)
    marks = {run.id: db.query(PartScore).filter_by(run_id=run.id, part=PART_ONE).one().raw for run in (before, after)}
    assert (marks[before.id], marks[after.id]) == (Decimal(3), Decimal(4))


def test_an_essay_accepted_before_collecting_is_what_raters_read(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(essays=("RFV-0001",)), PART_TWO)
    last = arrive_late(
        db, part, answer("RFV-0001", "Rewritten."), chosen("RFV-0003"), answer("RFV-0003", "New."), at=exam.at
    )
    accept(exam, part, last)
    exam.collect()
    assert {(e.item, e.text) for e in db.query(EssayResponse)} == {("RFV-0001", "Rewritten."), ("RFV-0003", "New.")}


def test_essays_are_not_collected_and_results_not_released_while_a_decision_waits(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    part = part_of(exam, sitting, PART_ONE)
    run = exam.scored()
    last = arrive_late(db, part, answer("TF-0001", "b"), at=exam.at)
    for _ in ("waiting", "proposed"):
        with pytest.raises(RuleViolation, match=sitting.code):
            exam.collect()
        with pytest.raises(RuleViolation, match=sitting.code):
            release.propose(db, run, by=exam.chief.id, at=exam.at)
        if undecided(db)[0].state is LateState.WAITING:
            decision = propose(exam, part, last)
    late_decisions.decline(db, decision, reason="No.", by=exam.second.id, at=exam.at)
    assert release.propose(db, run, by=exam.chief.id, at=exam.at)


def test_flags_notes_and_struck_options_wait_for_nobody(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(), PART_ONE)
    flags = ((EventKind.FLAG, "TF-0001", "1"), (EventKind.NOTE, "TF-0001", "?"), (EventKind.STRIKE, "TF-0001", "a"))
    arrive_late(db, part, *flags, at=exam.at)
    assert undecided(db) == []
    assert exam.collect() == 2


def test_a_collected_essay_does_not_change_under_its_raters(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(), PART_TWO)
    exam.collect()
    last = arrive_late(db, part, answer("RFV-0001", "Rewritten."), at=exam.at)
    with pytest.raises(RuleViolation, match="collected for its raters already"):
        propose(exam, part, last)
    late_decisions.leave_out(db, part, up_to=last, reason="Collected.", by=exam.chief.id, at=exam.at)
    assert undecided(db) == []


def test_an_essay_collected_between_proposal_and_confirmation_stays_too(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(), PART_TWO)
    decision = propose(exam, part, arrive_late(db, part, answer("RFV-0001", "Rewritten."), at=exam.at))
    essay = EssayResponse(
        code="E-XXXXXXXX", administration_id=exam.administration.id, form_sha256=exam.administration.form_sha256,
        item="RFV-0001", text=answers(exam, part)["RFV-0001"], word_count=1, collected_at=exam.at,
    )  # fmt: skip
    db.add(essay)
    db.flush()
    registration_id = part.attempt.registration_id
    db.add(EssayResponseSource(essay_response_id=essay.id, registration_id=registration_id, item="RFV-0001"))
    with pytest.raises(RuleViolation, match="collected for its raters already"):
        late_decisions.confirm(db, decision, by=exam.second.id, at=exam.at)


def test_late_changes_to_an_essay_that_was_not_collected_flow_in_afterwards(exam: Exam, db: Session) -> None:
    part = part_of(exam, exam.sat(essays=("RFV-0001",)), PART_TWO)
    assert exam.collect() == 1
    last = arrive_late(db, part, chosen("RFV-0002"), answer("RFV-0002", "Came late."), at=exam.at)
    accept(exam, part, last)
    assert exam.collect() == 1
    assert db.query(EssayResponse).filter_by(item="RFV-0002").one().text == "Came late."


def test_a_void_registration_takes_no_more(exam: Exam, db: Session) -> None:
    sitting = exam.sat()
    part = part_of(exam, sitting, PART_ONE)
    void(db, sitting, reason="Left.", by=exam.chief.id, at=exam.at)
    last = arrive_late(db, part, answer("TF-0001", "c"), at=exam.at)
    with pytest.raises(RuleViolation, match="void"):
        propose(exam, part, last)
    assert undecided(db) == []


def test_a_released_result_stays_and_nothing_waits_behind_it(exam: Exam, db: Session, app: Flask) -> None:
    part = part_of(exam, exam.sat(), PART_ONE)
    make_key(app.config["EXAMAPP"])
    proposal = release.propose(db, exam.scored(), by=exam.chief.id, at=exam.at)
    release.confirm(db, proposal, by=exam.second.id, at=exam.at, signer=Signer(app.config["EXAMAPP"]))
    last = arrive_late(db, part, answer("TF-0001", "c"), at=exam.at)
    with pytest.raises(RuleViolation, match="The result is released"):
        propose(exam, part, last)
    assert undecided(db) == []


def test_the_candidate_is_told_and_the_trail_keeps_who_decided(exam: Exam, db: Session) -> None:
    sitting = exam.sat(exam.personas.candidate(name="Lucía Baca", locale="en"))
    part = part_of(exam, sitting, PART_ONE)
    accept(exam, part, arrive_late(db, part, answer("TF-0001", "c"), at=exam.at))
    more = arrive_late(db, part, answer("TF-0002", "c"), at=exam.at)
    late_decisions.leave_out(db, part, up_to=more, reason="An hour late.", by=exam.chief.id, at=exam.at)
    bodies = [mail.body for mail in db.query(OutboxMail).order_by(OutboxMail.id)]
    assert "decided to count them" in bodies[0] and "not to count them" in bodies[1] and "An hour late." in bodies[1]
    deeds = db.query(AuditEvent).filter(AuditEvent.action.startswith("late_changes")).order_by(AuditEvent.id)
    assert [(deed.action, deed.actor_id) for deed in deeds] == [
        ("late_changes.proposed", exam.chief.id),
        ("late_changes.accepted", exam.second.id),
        ("late_changes.left_out", exam.chief.id),
    ]
