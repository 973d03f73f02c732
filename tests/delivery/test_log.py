"""The save path: what is stored, what a receipt says, and every reason why a batch is not taken."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.db import Database
from examapp.delivery import attempts, leases, log, tokens
from examapp.delivery.batches import Batch, Event
from examapp.delivery.models import AttemptPart, ClosedBy, EventKind, LateEvent, ResponseEvent
from examapp.delivery.responses import responses_of
from examapp.registration.models import Registration
from tests import factories
from tests.delivery.conftest import Post, answer, bearer
from tests.personas import Client, Personas
from tests.statements import statements_seen


def stored(db: Session, part: AttemptPart) -> list[tuple[int, str, str]]:
    rows = db.scalars(select(ResponseEvent).where(ResponseEvent.part_id == part.id).order_by(ResponseEvent.seq))
    return [(row.seq, row.item, row.value) for row in rows]


def late(db: Session, part: AttemptPart) -> list[str]:
    return list(db.scalars(select(LateEvent.value).where(LateEvent.part_id == part.id).order_by(LateEvent.seq)))


def test_a_batch_is_stored_and_the_receipt_names_its_place_and_the_deadline(
    post: Post, db: Session, part: AttemptPart, at: datetime
) -> None:
    response = post(answer("TF-0001", "b"), answer("TF-0002", "1", "flag"), after=0, chain=part.chain)
    assert response.status_code == 200
    assert response.json is not None
    assert response.json["seq"] == 2
    assert response.json["deadline"] == (at + timedelta(minutes=90)).isoformat()
    assert response.json["now"] == at.isoformat()
    assert stored(db, part) == [(1, "TF-0001", "b"), (2, "TF-0002", "1")]
    assert response.json["chain"] == part.chain == db.get_one(ResponseEvent, (part.id, 2)).chain


def test_saving_takes_two_statements_and_one_commit_or_one_statement_that_is_both(
    post: Post, app: Flask, database: Database, part: AttemptPart
) -> None:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    chain = json_of(post(answer("TF-0001", "a"), after=0, chain=part.chain))["chain"]  # the form is now in memory
    commits: list[object] = []
    count = commits.append
    event.listen(Engine, "commit", count)
    with statements_seen() as statements:
        saved = post(answer("TF-0001", "b"), answer("TF-0002", "c"), after=1, chain=chain, token=token)
    event.remove(Engine, "commit", count)
    assert saved.status_code == 200
    asked = [words.split()[0] for words in statements if words != "BEGIN IMMEDIATE"]
    two, one = (["UPDATE", "INSERT"], 1), (["WITH"], 0)  # PostgreSQL commits a statement by itself
    assert (asked, len(commits)) == (one if database.autocommit else two)


def json_of(response: Any) -> dict[str, Any]:
    assert response.json is not None
    return dict(response.json)


def test_an_empty_batch_asks_the_time_and_stores_nothing(post: Post, db: Session, part: AttemptPart) -> None:
    response = post(after=0, chain=part.chain)
    assert (response.status_code, json_of(response)["seq"]) == (200, 0)
    assert stored(db, part) == []


def test_the_same_batch_twice_gets_the_same_receipt_and_is_stored_once(
    post: Post, db: Session, part: AttemptPart
) -> None:
    batch = (answer("TF-0001", "b"), answer("TF-0002", "c"))
    start = part.chain
    first, second = post(*batch, after=0, chain=start), post(*batch, after=0, chain=start)
    assert (second.status_code, second.json) == (200, first.json)
    assert len(stored(db, part)) == 2


def test_of_a_batch_that_is_half_stored_the_rest_is_stored(post: Post, db: Session, part: AttemptPart) -> None:
    start, first, second = part.chain, answer("TF-0001", "b"), answer("TF-0002", "c")
    post(first, after=0, chain=start)
    response = post(first, second, after=0, chain=start)
    assert (response.status_code, json_of(response)["seq"]) == (200, 2)
    assert stored(db, part) == [(1, "TF-0001", "b"), (2, "TF-0002", "c")]


def test_a_gap_is_answered_with_the_place_from_which_to_replay(post: Post, db: Session, part: AttemptPart) -> None:
    head = json_of(post(answer("TF-0001", "b"), after=0, chain=part.chain))
    response = post(answer("TF-0002", "c"), after=5, chain="0" * 64)
    assert response.status_code == 409
    assert json_of(response) == {
        "reason": "gap", "seq": 1, "chain": head["chain"], "stored": 0,
    }  # fmt: skip
    replayed = post(answer("TF-0002", "c"), after=1, chain=head["chain"])
    assert replayed.status_code == 200
    assert len(stored(db, part)) == 2


def test_another_history_is_a_gap_and_overwrites_nothing(post: Post, db: Session, part: AttemptPart) -> None:
    start = part.chain
    post(answer("TF-0001", "b"), answer("TF-0003", "d"), after=0, chain=start)
    response = post(answer("TF-0001", "b"), answer("TF-0001", "a"), after=0, chain=start)
    assert (response.status_code, json_of(response)["stored"], json_of(response)["seq"]) == (409, 1, 2)
    assert stored(db, part) == [(1, "TF-0001", "b"), (2, "TF-0003", "d")]


def test_a_tab_whose_lease_was_taken_over_is_told_and_writes_nothing(
    post: Post, db: Session, app: Flask, part: AttemptPart, at: datetime
) -> None:
    old = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    assert leases.acquire(db, part, "another-tab", take_over=True, at=at)
    response = post(answer("TF-0001", "b"), after=0, chain=part.chain, token=old)
    assert (response.status_code, response.json) == (409, {"reason": "lease"})
    assert stored(db, part) == []
    assert post(answer("TF-0001", "b"), after=0, chain=part.chain).status_code == 200  # the new holder


@pytest.mark.parametrize("damage", [lambda token: token[:-2] + "xx", lambda token: "x" + token, lambda _: "nonsense"])
def test_a_forged_token_is_refused(post: Post, db: Session, app: Flask, part: AttemptPart, damage: Any) -> None:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    assert post(answer("TF-0001", "b"), after=0, chain=part.chain, token=damage(token)).status_code == 403
    other_installation = tokens.sign(factories.ticket(part), "another secret")
    assert post(answer("TF-0001", "b"), after=0, chain=part.chain, token=other_installation).status_code == 403
    assert stored(db, part) == []


def test_another_attempts_token_writes_only_there(
    post: Post, db: Session, app: Flask, part: AttemptPart, sitting: Registration, personas: Personas, at: datetime
) -> None:
    other = factories.registration(db, at, personas.candidate(), sitting.administration)
    others_part = factories.started_part(db, at, other)
    token = tokens.sign(factories.ticket(others_part), app.config["SECRET_KEY"])
    assert post(answer("TF-0001", "b"), after=0, chain=part.chain, token=token).status_code == 409
    assert stored(db, part) == stored(db, others_part) == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'{"after": 0}', b'{"after": -1, "chain": "x", "events": []}', b"\xff\xfe",
        b'{"after": true, "chain": "%s", "events": []}' % (b"0" * 64),
        b'{"after": 9999999999999, "chain": "%s", "events": []}' % (b"0" * 64),
        b'{"after": 0, "chain": "%s", "events": [], "unsent": -1}' % (b"0" * 64),
        b'{"after": 0, "chain": "%s", "events": [], "unsent": "many"}' % (b"0" * 64),
        b'{"after": 0, "chain": "%s", "events": [], "unsent": 9999999999999}' % (b"0" * 64),
        b'{"after": 0, "chain": "%s", "events": [], "client_ms": 1.5}' % (b"0" * 64),
        b'{"after": 0, "chain": "%s", "events": [], "client_ms": 1e400}' % (b"0" * 64),
        b'{"after": 0, "chain": "%s", "events": {}}' % (b"0" * 64),
        b'{"after": 0, "chain": "%s", "events": [1]}' % (b"0" * 64),
    ],
)  # fmt: skip
def test_what_is_not_a_batch_is_refused(client: Client, app: Flask, part: AttemptPart, body: bytes) -> None:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    assert client.post("/exam/log", headers=bearer(token), data=body).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        answer("XX-9999", "b"),  # an item of no form
        answer("RFV-0001", "text"),  # an item of another part
        answer("TF-0001", "b", "shout"),
        {**answer("TF-0001", "b"), "value": 7},
        {**answer("TF-0001", "b"), "item": ["TF-0001"]},
        {**answer("TF-0001", "b"), "kind": {}},
        {"kind": "answer"},
    ],
)
def test_an_unknown_item_or_kind_is_refused(post: Post, db: Session, part: AttemptPart, wrong: Any) -> None:
    assert post(wrong, after=0, chain=part.chain).status_code == 400
    assert stored(db, part) == []


def test_a_value_over_100_kb_is_refused_and_the_largest_allowed_is_kept(
    post: Post, db: Session, part: AttemptPart
) -> None:
    refused = post(answer("TF-0002", "a"), answer("TF-0001", "é" * 50_001, "note"), after=0, chain=part.chain)
    assert (refused.status_code, refused.json) == (413, {"reason": "too large", "item": "TF-0001"})
    assert stored(db, part) == []  # a batch is stored as a whole or not at all
    assert post(answer("TF-0001", "é" * 50_000, "note"), after=0, chain=part.chain).status_code == 200


def test_an_answer_to_a_question_is_short(post: Post, db: Session, part: AttemptPart) -> None:
    assert post(answer("TF-0001", "é" * 1_001), after=0, chain=part.chain).status_code == 413
    assert post(answer("TF-0001", "é" * 1_000), after=0, chain=part.chain).status_code == 200


def test_more_than_500_events_at_once_are_refused_and_500_are_stored(
    post: Post, db: Session, part: AttemptPart
) -> None:
    many = [answer("TF-0001", "ab"[number % 2]) for number in range(501)]
    refused = post(*many, after=0, chain=part.chain)
    assert (refused.status_code, refused.json) == (413, {"reason": "too large", "item": None})
    assert json_of(post(*many[:500], after=0, chain=part.chain))["seq"] == 500
    assert len(stored(db, part)) == 500


def test_batches_out_of_order_are_put_in_order_by_the_answers(post: Post, db: Session, part: AttemptPart) -> None:
    start = part.chain
    events = [answer("TF-0001", letter) for letter in "abc"]
    [first, second] = log.links(start, 0, [Event(EventKind.ANSWER, "TF-0001", x, "1800000000000") for x in "ab"])
    early = post(events[2], after=2, chain=second)  # overtook the other two
    assert (early.status_code, json_of(early)["seq"]) == (409, 0)
    assert post(events[1], after=1, chain=first).status_code == 409
    for number, chain in enumerate([start, first, second]):
        assert post(events[number], after=number, chain=chain).status_code == 200
    assert [value for _seq, _item, value in stored(db, part)] == ["a", "b", "c"]


def test_text_no_database_could_hold_does_not_cost_an_essay(post: Post, db: Session, part: AttemptPart) -> None:
    assert post(answer("TF-0001", "half an emoji \ud83d, a nul \0"), after=0, chain=part.chain).status_code == 200
    assert stored(db, part)[0][2] == "half an emoji \ufffd, a nul "


def test_within_the_grace_an_answer_still_counts(
    post: Post, db: Session, part: AttemptPart, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(part.deadline_at + timedelta(seconds=19), tick=False)
    assert post(answer("TF-0001", "b"), after=0, chain=part.chain).status_code == 200
    assert responses_of(db, [part.id])[part.id].answers == {"TF-0001": "b"}


def test_after_the_deadline_an_answer_is_kept_apart_once(
    post: Post, db: Session, part: AttemptPart, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(part.accepts_until, tick=False)
    for _attempt in range(2):
        response = post(answer("TF-0001", "b"), after=0, chain=part.chain)
        assert (response.status_code, json_of(response)["late"]) == (410, True)
    assert stored(db, part) == []
    assert late(db, part) == ["b"]


def test_after_closing_only_what_is_not_stored_is_kept_as_late(
    post: Post, db: Session, part: AttemptPart, at: datetime
) -> None:
    start = part.chain
    receipt = post(answer("TF-0001", "b"), after=0, chain=start).json
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    # The receipt was lost on the way: the browser asks again, and gets it although the part is closed.
    again = post(answer("TF-0001", "b"), after=0, chain=start)
    assert (again.status_code, again.json) == (200, receipt)
    more = post(answer("TF-0001", "b"), answer("TF-0002", "c"), after=0, chain=start)
    assert more.status_code == 410
    assert late(db, part) == ["c"]


def test_late_changes_of_several_batches_are_all_kept(post: Post, db: Session, part: AttemptPart, at: datetime) -> None:
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    first, second = [answer("TF-0001", "b"), answer("TF-0002", "c")], [answer("TF-0003", "d"), answer("TF-0004", "a")]
    for batch in (first, second, first, second):  # numbered over each other, as after a crash; and each of them twice
        assert post(*batch, after=0, chain=part.chain).status_code == 410
    assert late(db, part) == ["b", "c", "d", "a"]


def test_when_the_last_late_change_has_arrived_the_device_keeps_none(
    client: Client, app: Flask, db: Session, part: AttemptPart, at: datetime
) -> None:
    part.unsent = 3
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    batch = {"after": 0, "chain": part.chain, "events": [answer("TF-0001", "b")], "unsent": 0}
    assert client.post("/exam/log", headers=bearer(token), json=batch).status_code == 410
    assert part.unsent == 0


def test_an_open_page_learns_by_asking_the_time_that_the_part_is_closed(
    post: Post, db: Session, part: AttemptPart, at: datetime
) -> None:
    attempts.close_part(db, part, closed_by=ClosedBy.STAFF, at=at + timedelta(minutes=1), reason="Ill.")
    response = post(after=0, chain=part.chain)
    assert (response.status_code, json_of(response)["late"]) == (410, False)
    assert late(db, part) == []


def test_saving_needs_no_sign_in_and_reading_the_log_is_not_offered(
    post: Post, client: Client, app: Flask, part: AttemptPart, sitting: Registration
) -> None:
    assert post(answer("TF-0001", "b"), after=0, chain=part.chain).status_code == 200
    client.sign_in_as(sitting.candidate)
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    assert client.get("/exam/log", headers=bearer(token)).status_code == 404


@pytest.mark.parametrize("query", ["", "?a=%00"], ids=["fails", "is refused"])
def test_a_save_that_fails_leaves_the_sign_in_alone(
    post: Post, client: Client, part: AttemptPart, sitting: Registration, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    client.sign_in_as(sitting.candidate)
    monkeypatch.setitem(client.application.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(log, "save_alone", Mock(side_effect=RuntimeError))
    token = tokens.sign(factories.ticket(part), client.application.config["SECRET_KEY"])
    failed = client.post(
        f"/exam/log{query}", json={"after": 0, "chain": part.chain, "events": []}, headers=bearer(token)
    )
    assert (failed.status_code, failed.headers.getlist("Set-Cookie")) == (400 if query else 500, [])
    assert client.get("/exam").status_code == 200


def test_the_chain_proves_order_and_content() -> None:
    events = [Event(EventKind.ANSWER, "TF-0001", "a", "1"), Event(EventKind.ANSWER, "TF-0001", "b", "2")]
    chains = log.links("0" * 64, 0, events)
    assert log.links(chains[0], 1, events[1:]) == chains[1:]
    assert log.links("0" * 64, 0, events[::-1])[1] != chains[1]
    assert log.links("0" * 64, 1, events)[0] != chains[0]


def test_the_log_and_late_events_cannot_be_changed(post: Post, db: Session, part: AttemptPart) -> None:
    post(answer("TF-0001", "b"), after=0, chain=part.chain)
    with pytest.raises(Exception, match="append-only"):
        db.execute(update(ResponseEvent).values(value="c"))
    db.rollback()
    assert db.scalar(select(func.count()).select_from(ResponseEvent)) == 1


def test_many_requests_with_the_same_batch_store_it_once(
    app: Flask, db: Session, part: AttemptPart, database: Database
) -> None:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    body = {"after": 0, "chain": part.chain, "events": [answer("TF-0001", "b"), answer("TF-0002", "c")]}
    db.commit()

    def send(_number: int) -> tuple[int, Any]:
        response = FlaskClient(app).post("/exam/log", headers=bearer(token), json=body)
        return response.status_code, response.json

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(16)))
    assert [status for status, _json in answers] == [200] * 16
    assert len({receipt["chain"] for _status, receipt in answers}) == 1
    assert len(stored(db, part)) == 2


def test_many_requests_with_the_same_late_batch_keep_it_once(
    app: Flask, db: Session, part: AttemptPart, at: datetime
) -> None:
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    body = {"after": 0, "chain": part.chain, "events": [answer("TF-0001", "b"), answer("TF-0002", "c")]}
    db.commit()

    def send(_number: int) -> int:
        return FlaskClient(app).post("/exam/log", headers=bearer(token), json=body).status_code

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(send, range(16))) == [410] * 16
    assert late(db, part) == ["b", "c"]


# What may happen to a batch on its way.
FATES = st.lists(st.sampled_from(["write", "arrives", "answer lost", "never arrives"]), max_size=25)


@settings(max_examples=20)
@given(fates=FATES)
def test_whatever_the_network_does_every_change_is_stored_once_and_in_order(
    db: Session, sitting: Registration, personas: Personas, at: datetime, fates: list[str]
) -> None:
    own = factories.registration(db, at, personas.candidate(), sitting.administration)
    part = factories.started_part(db, at, own)
    ticket, written, waiting, head = factories.ticket(part), [], list[Event](), (0, part.chain)
    for number, fate in enumerate([*fates, "write", "arrives"]):
        if fate == "write":
            waiting.append(Event(EventKind.ANSWER, "TF-0001", str(number), "0"))
            written.append(str(number))
        elif fate != "never arrives":
            receipt = log.save(db, ticket, Batch(*head, waiting), at=at)
            assert receipt.verdict == "saved"
            if fate == "arrives":
                head, waiting = (receipt.body["seq"], receipt.body["chain"]), []
    assert [value for _seq, _item, value in stored(db, part)] == written
