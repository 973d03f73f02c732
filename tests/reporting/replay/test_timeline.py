"""The replay tells everything in order, and knows the answers at any moment."""

from sqlalchemy.orm import Session

from examapp.delivery.models import AttemptPart
from examapp.reporting.replay.moments import changes_of, moment_of
from examapp.reporting.replay.timeline import EntryKind, Group, Row, bursts, timeline_of


def test_everything_that_happened_stands_in_order(db: Session, part: AttemptPart) -> None:
    kinds = [entry.kind for entry in timeline_of(db, part).entries]
    assert kinds == [
        EntryKind.STARTED, EntryKind.TIME, EntryKind.ANSWER, EntryKind.ANSWER, EntryKind.FLAG, EntryKind.STRIKE,
        EntryKind.TAKEN_OVER, EntryKind.TIME, EntryKind.MESSAGE, EntryKind.INCIDENT, EntryKind.ANSWER, EntryKind.ANSWER,
        EntryKind.CLOSED, EntryKind.LATE,
    ]  # fmt: skip


def test_it_can_be_narrowed_to_a_kind_and_to_an_item(db: Session, part: AttemptPart) -> None:
    timeline = timeline_of(db, part)
    assert [entry.seq for entry in timeline.showing(Group.ANSWERS, None)] == [1, 2, 5, 6]
    assert [entry.seq for entry in timeline.showing(None, "TF-0001")] == [1, 5]
    assert len(timeline.showing(Group.CLOCK, None)) == 4
    assert [entry.kind for entry in timeline.showing(Group.LATE, None)] == [EntryKind.LATE]


def test_a_change_is_told_with_what_stood_before_it(db: Session, part: AttemptPart) -> None:
    log = timeline_of(db, part).log
    changes = changes_of(db, part, log, [Row(entry, entry) for entry in log])
    assert [(changes[seq].before, changes[seq].after) for seq in (1, 2, 5, 6)] == [
        ("", "a"), ("", "c"), ("a", "b"), ("c", ""),
    ]  # fmt: skip


def test_the_answers_are_those_of_the_moment(db: Session, part: AttemptPart) -> None:
    log = timeline_of(db, part).log
    answers = [moment_of(db, part, log, step).responses.answers for step in (0, 1, 4, 5, 6)]
    assert answers == [
        {}, {"TF-0001": "a"}, {"TF-0001": "a", "TF-0002": "c"}, {"TF-0001": "b", "TF-0002": "c"}, {"TF-0001": "b"},
    ]  # fmt: skip


def test_words_added_and_removed_are_counted_and_quoted(db: Session, essays: AttemptPart) -> None:
    timeline = timeline_of(db, essays)
    changes = changes_of(db, essays, timeline.log, [Row(entry, entry) for entry in timeline.log])
    assert [changes[seq].words for seq in (2, 3, 4, 5)] == [(2, 0), (1, 0), (4, 0), (0, 4)]
    assert [changes[seq].excerpt for seq in (3, 4, 5)] == ["sleeps", "and the mother waits", "baby sleeps and the"]


def test_on_paper_typing_is_drawn_together_up_to_a_pause(db: Session, essays: AttemptPart) -> None:
    timeline = timeline_of(db, essays)
    rows = [row for row in bursts(timeline.entries, {"RFV-0002", "RFV-0003"}) if row.last.kind is EntryKind.ANSWER]
    assert [(row.first.seq, row.last.seq, row.count) for row in rows] == [(2, 5, 4), (6, 6, 1)]
    changes = changes_of(db, essays, timeline.log, rows)
    assert (changes[5].before, changes[5].after) == ("", "The mother waits")
