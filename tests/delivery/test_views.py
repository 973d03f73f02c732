"""The candidate's pages, rung by rung: works, stranger, wrong role, bad input, wrong state."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.delivery import attempts, clock_stops, tokens
from examapp.delivery.models import Attempt, AttemptPart, ClosedBy
from examapp.delivery.option_order import option_orders
from examapp.delivery.paper.document import begins_vignette
from examapp.delivery.part_content import content_of
from examapp.proctoring.messages import send_message
from examapp.registration.models import Accommodation, Registration
from question_bank.exam_forms import FormKey, sealed_document
from question_bank.sealed_documents import ItemKey, SealedDocument
from tests import factories
from tests.delivery.conftest import HOLDER, Post, answer, bearer
from tests.personas import Client, Personas


@pytest.fixture
def signed_in(client: Client, sitting: Registration) -> Client:
    client.sign_in_as(sitting.candidate)
    return client


def address(sitting: Registration, rest: str = "") -> str:
    return f"/exam/{sitting.code}{rest}"


def test_a_candidate_sees_their_examinations_and_nobody_elses(
    signed_in: Client, db: Session, sitting: Registration, personas: Personas, at: datetime
) -> None:
    other = factories.administration(db, at, personas.administrator(), title="Not for Lucía")
    factories.registration(db, at, personas.candidate(), other)
    page = signed_in.get("/exam").text
    assert sitting.administration.title in page
    assert "Not for Lucía" not in page


def test_each_candidate_gets_the_exam_page_in_their_language(
    signed_in: Client, db: Session, sitting: Registration, part: AttemptPart
) -> None:
    for locale, review in (("en", "Review and hand in"), ("es", "Revisar y entregar"), ("en", "Review and hand in")):
        sitting.candidate.locale = locale
        assert review in signed_in.get(address(sitting, f"/parts/{part.part}")).text


def test_the_window_is_shown_in_both_zones_and_as_a_distance(
    client: Client, db: Session, personas: Personas, at: datetime
) -> None:
    opens = at + timedelta(hours=3, minutes=12)
    given = factories.administration(db, at, personas.administrator(), opens_at=opens)
    candidate = personas.candidate(time_zone="America/New_York")
    sitting = factories.registration(db, at, candidate, given)
    client.sign_in_as(candidate)
    page = client.get(address(sitting)).text
    assert "1:12 PM MDT" in page.replace("\u202f", " ")
    assert "3:12 PM EDT" in page.replace("\u202f", " ")
    assert "in 3 h 12 min" in page
    assert "Start Part One" not in page


def test_the_true_deadline_is_told_before_the_start(
    signed_in: Client, sitting: Registration, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(sitting.administration.closes_at - timedelta(minutes=30), tick=False)
    page = signed_in.get(address(sitting)).text
    assert "The examination closes then." in page
    assert "6:00 PM MDT" in page.replace("\u202f", " ")


def test_starting_needs_the_honour_statement(signed_in: Client, db: Session, sitting: Registration) -> None:
    refused = signed_in.post(address(sitting, "/parts/part_one/start"))
    assert refused.status_code == 422
    assert "Accept the honour statement to start." in refused.text
    assert db.query(Attempt).count() == 0
    accepted = signed_in.post(address(sitting, "/parts/part_one/start"), data={"accepted": "y"})
    assert accepted.location == address(sitting, "/parts/part_one")
    assert db.query(AttemptPart).one().part == "part_one"


def test_starting_in_the_wrong_state_explains_itself(signed_in: Client, db: Session, sitting: Registration) -> None:
    sitting.administration.proctored = True
    response = signed_in.post(address(sitting, "/parts/part_one/start"), data={"accepted": "y"}, follow_redirects=True)
    assert "Wait for the proctor to admit you." in response.text
    assert db.query(Attempt).count() == 0


def test_the_exam_page_holds_one_part_and_no_keys(
    signed_in: Client, db: Session, part: AttemptPart, sitting: Registration
) -> None:
    page = signed_in.get(address(sitting, "/parts/part_one")).text
    assert "Answer a to question 1" in page
    assert "vignette RFV" not in page
    for secret in (*db.query(FormKey).one().keys["essays"], "rubric", "rationale", "Competent", "pretest"):
        assert secret not in page


def test_questions_about_one_vignette_say_so_on_the_page_and_on_paper(
    signed_in: Client, db: Session, sitting: Registration, at: datetime
) -> None:
    told = SealedDocument.model_validate_json(factories.sealed_form(db, at).document)
    items = [
        item.model_copy(update={"stimulus": "Ana *runs* away."} if place in (1, 2) else {})
        for place, item in enumerate(told.part_one)
    ]
    keys = {item.code: ItemKey(key="b", area="reflection", terms=[]) for item in items}
    told = told.model_copy(update={"title": "About Ana", "part_one": items})
    sitting.administration.form_sha256 = factories.sealed(db, at, told, keys, spanish=True).sha256
    part = factories.started_part(db, at, sitting)
    page = signed_in.get(address(sitting, "/parts/part_one")).text
    assert page.count("Ana <em>runs</em> away.") == 4  # twice in both languages
    assert page.count("This text belongs to the questions 2 to 3.") == 2
    assert begins_vignette(content_of(sealed_document(db, part.attempt.form_sha256), "part_one", 3, "").items) == [
        False,
        True,
        False,
        False,
    ]


def test_prompts_about_one_vignette_say_so_on_the_page_and_it_is_printed_once(
    signed_in: Client, db: Session, sitting: Registration, at: datetime
) -> None:
    together = ["RFV-0002", "RFV-0003"]
    sitting.administration.form_sha256 = factories.sealed_form(db, at, together=together).sha256
    part = factories.started_part(db, at, sitting)
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    attempts.start_part(db, sitting, "part_two", at=at)
    page = signed_in.get(address(sitting, "/parts/part_two")).text
    assert page.count("This is the vignette RFV-0002.") == 2
    assert page.count("This text belongs to several prompts:") == page.count("I answer this prompt") == 2
    told = re.findall('<li value="(.)">.*?>(Vignette RFV-000.)<', page)
    assert told == [("2", "Vignette RFV-0002"), ("3", "Vignette RFV-0003")] * 2
    assert page.count("I answer this vignette") == 1
    content = content_of(sealed_document(db, sitting.administration.form_sha256), "part_two", 3, "")
    assert begins_vignette(content.essays) == [True, True, False]


def test_part_two_holds_the_vignettes_of_the_candidates_track_only(
    signed_in: Client, db: Session, part: AttemptPart, sitting: Registration, at: datetime
) -> None:
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    attempts.start_part(db, sitting, "part_two", at=at)
    page = signed_in.get(address(sitting, "/parts/part_two")).text
    assert "This is the vignette RFV-0003." in page
    assert "RFV-0004" not in page
    assert "TF-0001" not in page


@pytest.mark.parametrize("rest", ["", "/parts/part_one", "/parts/part_one/handed-in"])
def test_another_candidates_pages_do_not_exist(
    client: Client, part: AttemptPart, sitting: Registration, personas: Personas, rest: str
) -> None:
    client.sign_in_as(personas.candidate())
    assert client.get(address(sitting, rest)).status_code == 404


@pytest.mark.parametrize("rest", ["/parts/part_one/start", "/parts/part_one/lease"])
def test_another_candidate_starts_nothing_and_gets_no_token(
    client: Client, part: AttemptPart, sitting: Registration, personas: Personas, rest: str
) -> None:
    client.sign_in_as(personas.candidate())
    assert client.post(address(sitting, rest), json={"holder": HOLDER}).status_code == 404


@pytest.mark.parametrize("role", ["author", "rater", "proctor", "administrator"])
def test_staff_do_not_open_the_exam(client: Client, sitting: Registration, personas: Personas, role: str) -> None:
    client.sign_in_as(getattr(personas, role)())
    assert client.get(address(sitting)).status_code == 403


def test_a_part_not_started_leads_back_and_an_unknown_one_does_not_exist(
    signed_in: Client, sitting: Registration
) -> None:
    assert signed_in.get(address(sitting, "/parts/part_one")).location == address(sitting)
    assert signed_in.get(address(sitting, "/parts/part_nine")).status_code == 404
    assert signed_in.get(address(sitting, "/parts/part_one/start")).status_code == 405


def lease(client: Client, sitting: Registration, holder: str, **more: Any) -> Any:
    return client.post(address(sitting, "/parts/part_one/lease"), json={"holder": holder, **more})


def test_the_lease_gives_token_answers_and_the_head_of_the_log(
    signed_in: Client, post: Post, part: AttemptPart, sitting: Registration
) -> None:
    receipt = post(answer("TF-0001", "b"), answer("TF-0002", "1", "flag"), after=0, chain=part.chain).json
    document = lease(signed_in, sitting, HOLDER).json
    assert document["answers"] == {"TF-0001": "b"}
    assert document["flagged"] == ["TF-0002"]
    assert receipt is not None
    assert (document["seq"], document["chain"]) == (receipt["seq"], receipt["chain"])
    batch = {"after": document["seq"], "chain": document["chain"], "events": [answer("TF-0003", "c")]}
    assert signed_in.post(document["log"], headers=bearer(document["token"]), json=batch).status_code == 200
    assert str(document).count(document["token"]) == 1  # and so in no address


def test_a_second_tab_takes_the_lease_only_when_asked(
    signed_in: Client, part: AttemptPart, sitting: Registration
) -> None:
    assert lease(signed_in, sitting, "the-second-tab").status_code == 409
    assert lease(signed_in, sitting, "the-second-tab", take_over=True).status_code == 200
    assert lease(signed_in, sitting, HOLDER).status_code == 409


def test_a_second_device_is_told_when_the_first_was_heard_of_and_what_it_still_kept(
    signed_in: Client, part: AttemptPart, sitting: Registration, at: datetime, time_machine: TimeMachineFixture
) -> None:
    part.unsent = 3
    time_machine.shift(120)
    asked = lease(signed_in, sitting, "the-second-tab")
    assert asked.json == {
        "reason": "lease", "last_seen": at.isoformat(), "unsent": 3, "now": (at + timedelta(minutes=2)).isoformat(),
    }  # fmt: skip


def test_the_lease_brings_notes_struck_options_and_the_stop_of_the_clock(
    signed_in: Client, db: Session, post: Post, breaks: Accommodation, part: AttemptPart, sitting: Registration,
    personas: Personas, at: datetime,
) -> None:  # fmt: skip
    post(answer("TF-0001", "Ask.", "note"), answer("TF-0002", "a,d", "strike"), after=0, chain=part.chain)
    clock_stops.pause(db, [part], reason="Fire alarm.", by=personas.proctor().id, at=at)
    document = lease(signed_in, sitting, HOLDER).json
    assert (document["notes"], document["struck"]) == ({"TF-0001": "Ask."}, {"TF-0002": ["a", "d"]})
    assert document["stop"] == {"kind": "pause", "reason": "Fire alarm."}
    assert (document["stopped_left"], document["break_left"]) == (90 * 60, 15 * 60)
    assert "order" not in document


def test_where_options_are_shuffled_each_candidate_has_an_order_of_their_own(
    signed_in: Client, part: AttemptPart, sitting: Registration
) -> None:
    sitting.administration.shuffle_options = True
    order = lease(signed_in, sitting, HOLDER).json["order"]
    assert set(order) == {"TF-0001", "TF-0002", "TF-0003", "TF-0004"}
    assert all(sorted(ids) == ["a", "b", "c", "d"] for ids in order.values())
    assert order == lease(signed_in, sitting, HOLDER).json["order"]
    document = sealed_document(signed_in.db, sitting.administration.form_sha256)
    assert order != option_orders("R-OTHER1", document.part_one)


def messages_for(client: Client, app: Flask, part: AttemptPart) -> Any:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    return client.get("/exam/messages", headers=bearer(token))


def test_a_candidate_reads_what_the_room_says_to_them_and_to_all(
    client: Client, app: Flask, db: Session, part: AttemptPart, sitting: Registration, personas: Personas, at: datetime
) -> None:
    other = factories.registration(db, at, personas.candidate(), sitting.administration)
    proctor = personas.proctor().id
    for to, text in ((None, "To all."), (sitting, "To Lucía."), (other, "To somebody else.")):
        send_message(db, sitting.administration, registration=to, text=text, by=proctor, at=at)
    send_message(
        db, sitting.administration, registration=None, text="Long ago.", by=proctor, at=at - timedelta(days=40)
    )
    told = messages_for(client, app, part).json
    assert [message["text"] for message in told["messages"]] == ["To all.", "To Lucía."]
    assert told["messages"][0]["at"] == at.isoformat()
    assert (told["stop"], told["break_left"]) == (None, 0)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/exam/log"), ("GET", "/exam/messages"), ("POST", "/exam/break"), ("POST", "/exam/close")],
)
def test_without_the_header_with_our_token_nothing_is_written_or_told(
    signed_in: Client, app: Flask, part: AttemptPart, method: str, path: str
) -> None:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    wrong = ["", "Bearer", "Bearer forged", f"Bearer {token}x", "Bearer a=b", "Bearer \xff", token, f"Digest {token}"]
    for header in wrong:
        refused = signed_in.open(f"{path}?token={token}", method=method, headers={"Authorization": header}, json={})
        assert (refused.status_code, refused.json) == (403, {"reason": "not our token"})
    assert signed_in.open(f"{path}/{token}", method=method, json={}).status_code == 404
    assert part.closed_at is None


@pytest.mark.parametrize("body", [{}, {"holder": "short"}, {"holder": 7}, {"holder": "x" * 41}, []])
def test_a_lease_without_a_tab_is_refused(
    signed_in: Client, part: AttemptPart, sitting: Registration, body: Any
) -> None:
    assert signed_in.post(address(sitting, "/parts/part_one/lease"), json=body).status_code == 400


def close(client: Client, app: Flask, part: AttemptPart, **body: Any) -> Any:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    return client.post("/exam/close", headers=bearer(token), json=body)


def test_handing_in_needs_the_token_not_the_sign_in(
    client: Client, app: Flask, db: Session, part: AttemptPart, sitting: Registration, at: datetime
) -> None:
    response = close(client, app, part)
    assert response.json == {"next": address(sitting, "/parts/part_one/handed-in"), "signed_in": False}
    assert (part.closed_at, part.closed_by) == (at, ClosedBy.CANDIDATE)
    assert close(client, app, part).status_code == 200  # again: the same answer


def test_the_hand_in_answer_clears_what_the_browser_has_cached(
    signed_in: Client, app: Flask, part: AttemptPart
) -> None:
    response = close(signed_in, app, part)
    assert response.json["signed_in"]
    assert response.headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize("rest", ["", "/parts/part_one", "/parts/part_one/handed-in", "/waiting-room"])
def test_no_page_of_the_exam_is_stored_by_a_cache(
    signed_in: Client, part: AttemptPart, sitting: Registration, rest: str
) -> None:
    assert signed_in.get(address(sitting, rest)).headers["Cache-Control"] == "no-store"


def test_the_service_worker_stands_where_it_may_serve_the_exam_page(client: Client) -> None:
    with client.get("/exam/worker.js") as response:
        assert (response.status_code, response.mimetype) == (200, "text/javascript")
        assert "worker-src 'self'" in response.headers["Content-Security-Policy"]


def test_a_page_whose_clock_is_wrong_is_told_the_time_left(
    client: Client, app: Flask, db: Session, part: AttemptPart, time_machine: TimeMachineFixture
) -> None:
    early = close(client, app, part, time_is_up=True)
    assert (early.status_code, early.json["deadline"]) == (409, part.deadline_at.isoformat())
    assert part.closed_at is None
    time_machine.move_to(part.deadline_at + timedelta(seconds=2), tick=False)
    assert close(client, app, part, time_is_up=True).status_code == 200
    closed = db.get_one(AttemptPart, part.id)
    assert (closed.closed_at, closed.closed_by) == (part.deadline_at, ClosedBy.DEADLINE)


def test_a_tab_without_the_lease_hands_nothing_in(client: Client, app: Flask, db: Session, part: AttemptPart) -> None:
    token = tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
    part.lease_epoch, part.lease_holder = 2, "another-tab"
    assert client.post("/exam/close", headers=bearer(token), json={}).status_code == 409
    assert part.closed_at is None


def test_reading_closes_what_is_overdue_and_says_so(
    signed_in: Client,
    db: Session,
    post: Post,
    part: AttemptPart,
    sitting: Registration,
    time_machine: TimeMachineFixture,
) -> None:
    post(answer("TF-0001", "b"), answer("TF-0002", "c"), after=0, chain=part.chain)
    time_machine.move_to(part.deadline_at + timedelta(hours=1), tick=False)
    page = signed_in.get(address(sitting, "/parts/part_one"), follow_redirects=True).text
    assert "Time is up" in page
    assert "2 of 4" in page
    assert "Start Part Two" in page
    assert part.closed_at == part.deadline_at


def test_changes_that_came_late_are_told(
    signed_in: Client, post: Post, part: AttemptPart, sitting: Registration, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(part.deadline_at + timedelta(minutes=1), tick=False)
    post(answer("TF-0001", "b"), after=0, chain=part.chain)
    page = signed_in.get(address(sitting, "/parts/part_one/handed-in")).text
    assert "1 change arrived after the end" in page
    assert "0 of 4" in page


def test_after_both_parts_the_examination_is_finished(
    signed_in: Client, db: Session, part: AttemptPart, sitting: Registration, at: datetime
) -> None:
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    signed_in.post(address(sitting, "/parts/part_two/start"))
    second = db.query(AttemptPart).filter_by(part="part_two").one()
    attempts.close_part(db, second, closed_by=ClosedBy.CANDIDATE, at=at)
    assert "You have finished the examination" in signed_in.get(address(sitting, "/parts/part_two/handed-in")).text
    assert "Handed in" in signed_in.get("/exam").text


def test_the_page_after_a_part_starts_the_next_one(
    signed_in: Client, db: Session, part: AttemptPart, sitting: Registration, at: datetime
) -> None:
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    page = signed_in.get(address(sitting, "/parts/part_one/handed-in")).text
    ticket = re.findall(r'action="/exam/start".*?name="ticket" value="([^"]+)"', page, re.DOTALL)
    assert signed_in.post("/exam/start", data={"ticket": ticket}).location == address(sitting, "/parts/part_two")
