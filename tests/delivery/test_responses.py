"""The answers are what the log says, however it is read."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from examapp.delivery import log
from examapp.delivery.batches import Batch, Event
from examapp.delivery.models import AttemptPart, EventKind
from examapp.delivery.part_content import content_of
from examapp.delivery.responses import PartResponses, fold, responses_of
from question_bank.exam_forms import sealed_document
from tests import factories

items = st.sampled_from(["TF-0001", "TF-0002", "TF-0003"])
events = st.lists(st.tuples(st.sampled_from(EventKind), items, st.sampled_from(["", "1", "b"])), max_size=30)


def test_the_last_event_of_an_item_wins() -> None:
    responses = fold(
        [
            (EventKind.ANSWER, "TF-0001", "a"),
            (EventKind.FLAG, "TF-0001", "1"),
            (EventKind.ANSWER, "TF-0001", "b"),
            (EventKind.ANSWER, "TF-0002", "c"),
            (EventKind.ANSWER, "TF-0002", ""),
            (EventKind.FLAG, "TF-0001", ""),
            (EventKind.CHOOSE, "RFV-0001", "1"),
        ]
    )
    assert responses == PartResponses(answers={"TF-0001": "b"}, flagged=set(), chosen=["RFV-0001"])


@given(events, events)
def test_folding_goes_on_where_it_stopped(
    first: list[tuple[EventKind, str, str]], then: list[tuple[EventKind, str, str]]
) -> None:
    whole, halves = fold([*first, *then]), fold(first)
    for change in then:
        halves.apply(*change)
    assert whole == halves


def test_notes_and_options_struck_out_are_kept_beside_the_answers() -> None:
    responses = fold(
        [
            (EventKind.NOTE, "TF-0001", "Come back"),
            (EventKind.STRIKE, "TF-0001", "a,c"),
            (EventKind.STRIKE, "TF-0002", "b"),
            (EventKind.STRIKE, "TF-0002", ""),
        ]
    )
    assert responses == PartResponses(notes={"TF-0001": "Come back"}, struck={"TF-0001": ["a", "c"]})
    assert responses.answers == {} and responses.flagged == set() and responses.chosen == []


def test_the_database_reads_the_same_as_the_fold(db: Session, part: AttemptPart, at: datetime) -> None:
    changes = [("TF-0001", "a"), ("TF-0002", "b"), ("TF-0001", ""), ("TF-0002", "d"), ("TF-0003", "c")]
    batch = [Event(EventKind.ANSWER, item, value, "0") for item, value in changes]
    log.save(db, factories.ticket(part), Batch(0, part.chain, batch), at=at)
    assert responses_of(db, [part.id])[part.id] == fold((e.kind, e.item, e.value) for e in batch)
    assert responses_of(db, [part.id, 999])[999] == PartResponses()


def test_a_candidate_gets_the_slot_groups_of_their_level_and_track(db: Session, at: datetime) -> None:
    document = sealed_document(db, factories.sealed_form(db, at).sha256)
    assert content_of(document, "part_two", 3, "").codes == {"RFV-0001", "RFV-0002", "RFV-0003"}
    assert content_of(document, "part_two", 4, "clinical").codes == {"RFV-0001", "RFV-0002", "RFV-0004"}
    assert content_of(document, "part_two", 4, "policy").codes == set()


def test_essays_count_as_answered_when_chosen_or_compulsory_and_written(db: Session, at: datetime) -> None:
    content = content_of(sealed_document(db, factories.sealed_form(db, at).sha256), "part_two", 4, "clinical")
    written = {"RFV-0001": "Text", "RFV-0002": "Text", "RFV-0004": "Text"}
    assert content.answers_expected == 2
    assert content.answered(PartResponses(answers=written, chosen=["RFV-0001"])) == 2
    assert content.answered(PartResponses(answers=written)) == 1
