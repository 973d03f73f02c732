"""The pages of the paper edition, rung by rung: printing, typing in, comparing, making the attempt."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.accounts.models import Role, User
from examapp.delivery.models import PaperEntry
from examapp.delivery.paper.edition import PrintSize
from examapp.registration.models import Accommodation, Registration
from question_bank.audit import AuditEvent
from question_bank.exam_forms import SealedForm, newest_key, sealed_document
from question_bank.exam_policy import PART_ONE, PART_TWO
from question_bank.item_kinds import OPTION_IDS, Option
from question_bank.rule_documents import canonical_json, sha256_of
from question_bank.sealed_documents import SealedDocument
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.delivery.answer_sheets import make_attempt, sheet, type_in
from tests.personas import Client, Personas
from tests.proctoring.paper_pages import TIMES, address, copy, printing, words
from tests.statements import statements_for

DAY = timedelta(days=1)


@pytest.fixture
def office(personas: Personas) -> User:
    return personas.administrator(name="Rosa Office")


@pytest.fixture
def paul(personas: Personas) -> User:
    return personas.proctor(name="Paul Proctor")


@pytest.fixture
def sitting(db: Session, personas: Personas, office: User, at: datetime) -> Registration:
    given = factories.administration(db, at, office, title="Spring on paper", opens_at=at - timedelta(hours=3))
    return factories.registration(db, at, personas.candidate(name="Lucía Baca"), given)


# Printing


@pytest.mark.parametrize("size", PrintSize)
def test_a_copy_holds_every_question_and_nothing_of_the_keys(
    client: Client, db: Session, sitting: Registration, office: User, size: PrintSize
) -> None:
    client.sign_in_as(office)
    one, two = (words(copy(client, sitting, part, size=size)) for part in (PART_ONE, PART_TWO))
    document = sealed_document(db, sitting.administration.form_sha256)
    for item in document.part_one:
        assert all(text in one for text in (item.stem, *(option.text for option in item.options)))
    shown = {code for group in document.slot_groups_for(3, "") for code in group.essays}
    assert {code for code in document.essays if f"This is the vignette {code}." in two} == shown
    keys = newest_key(db, sitting.administration.form_sha256)
    secrets = {
        "Competent",
        "Insight",
        "theoretical-foundations",
        *(i.code for i in document.part_one),
        keys.form_sha256,
    }
    assert not [secret for secret in secrets if secret in one + two]


def test_the_cover_names_time_form_and_registration_but_not_the_person(
    client: Client, db: Session, sitting: Registration, office: User, at: datetime
) -> None:
    granted = Accommodation(factor=Decimal("1.5"), break_minutes=15, arrangements="Separate room.", reason="Letter.",
                            granted_at=at, granted_by_id=office.id)  # fmt: skip
    sitting.accommodations.append(granted)
    client.sign_in_as(office)
    response = copy(client, sitting)
    text = words(response)
    form = sitting.administration.form_sha256[:12]
    assert all(part in text for part in ("135 minutes", "15 minutes", sitting.code, form, "Level 3", "Spring on paper"))
    assert not [secret for secret in ("Lucía", "Separate room", "Letter.") if secret in text]
    pdf = PdfReader(io.BytesIO(response.data))
    assert pdf.metadata and pdf.metadata.title == "Part One, Spring on paper"
    assert str(pdf.root_object["/Lang"]) == "en"
    assert "/StructTreeRoot" in pdf.root_object


def test_a_copy_has_the_candidates_own_order_of_options_and_blank_ones_are_not_printed_then(
    client: Client, db: Session, sitting: Registration, office: User
) -> None:
    client.sign_in_as(office)
    plain = words(copy(client, sitting))
    sitting.administration.shuffle_options = True
    assert words(copy(client, sitting)) != plain
    assert "Blank copy" not in client.get(printing(sitting)).text
    assert copy(client, sitting, whom="3/").status_code == 422


@pytest.mark.parametrize("size", PrintSize)
def test_sixty_questions_are_answered_on_one_page(
    client: Client, db: Session, sitting: Registration, office: User, at: datetime, size: PrintSize
) -> None:
    sitting.administration.form_sha256 = factories.sealed_form(db, at, items=60, title="Sixty").sha256
    client.sign_in_as(office)
    pages = PdfReader(io.BytesIO(copy(client, sitting, size=size).data)).pages
    assert ["Answer sheet" in page.extract_text().split("Do not open")[0] for page in pages[-2:]] == [False, True]
    assert {"1", "20", "21", "40", "41", "60"} <= set(pages[-1].extract_text().split())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("size", "options", "last"),
    [("normal", 5, "45"), ("normal", 6, "45"), ("normal", 8, "30"), ("large", 5, "60"), ("large", 8, "40")],
)
def test_the_sheet_has_as_many_columns_as_its_longest_row_of_circles_leaves_room_for(
    client: Client, db: Session, sitting: Registration, office: User, at: datetime, monkeypatch: pytest.MonkeyPatch,
    size: str, options: int, last: str,
) -> None:  # fmt: skip
    item, offered = factories.sealed_item, [Option(id=letter, text=letter) for letter in OPTION_IDS[:options]]
    monkeypatch.setattr(
        factories, "sealed_item", lambda n: item(n).model_copy(update={"options": offered} if n == 7 else {})
    )
    sitting.administration.form_sha256 = factories.sealed_form(db, at, items=60, title="Wide").sha256
    client.sign_in_as(office)
    pages = PdfReader(io.BytesIO(copy(client, sitting, size=size).data)).pages
    texts = [page.extract_text() for page in pages]
    first = next(text.split() for text in texts if text.startswith("Answer sheet"))
    assert max((word for word in first if word.isdecimal() and int(word) <= 60), key=int) == last


def test_a_blank_copy_is_for_a_level_and_track(client: Client, sitting: Registration, office: User) -> None:
    client.sign_in_as(office)
    text = words(copy(client, sitting, PART_TWO, whom="4/clinical"))
    assert "Level 4, Clinical" in text
    assert "This is the vignette RFV-0004." in text
    assert sitting.code not in text


def test_a_copy_in_spanish_is_whole_or_not_at_all(
    client: Client, db: Session, sitting: Registration, office: User, at: datetime
) -> None:
    client.sign_in_as(office)
    assert copy(client, sitting, language="es").status_code == 409
    sealed = db.get_one(SealedForm, sitting.administration.form_sha256)
    document = SealedDocument.model_validate_json(sealed.document)
    spanish = {
        item.code: {"stem": f"¿Qué hace {item.code}?", **{option.id: f"Opción {option.id}" for option in item.options}}
        for item in document.part_one
    }
    text = canonical_json({**document.model_dump(mode="json"), "schema_version": 2, "translations": {"es": spanish}})
    db.add(SealedForm(sha256=sha256_of(text), document=text, sealed_at=at))
    db.flush()
    sitting.administration.form_sha256 = sha256_of(text)
    told = words(copy(client, sitting, language="es"))
    assert "¿Qué hace TF-0004?" in told and "Opción d" in told and "A family of four" not in told


def test_who_prints_is_written_down_and_after_the_window_nobody_does(
    client: Client, db: Session, sitting: Registration, office: User, at: datetime
) -> None:
    client.sign_in_as(office)
    assert copy(client, sitting, size="large").status_code == 200
    deed = db.scalars(select(AuditEvent).where(AuditEvent.action == "paper.printed")).one()
    assert (deed.actor_id, deed.details["registration"], deed.details["size"]) == (office.id, sitting.code, "large")
    sitting.administration.closes_at = at
    assert copy(client, sitting).status_code == 409
    assert "The window is over" in client.get(printing(sitting)).text


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_but_an_administrator_prints(
    client: Client, sitting: Registration, personas: Personas, role: Role
) -> None:
    client.sign_in_as(personas.person(role))
    assert copy(client, sitting).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"whom": "R-NOBODY"}, {"whom": ""}, {"part": "part_three"}, {"size": "huge"}, {"whom": "9/none"}]
)
def test_a_copy_of_nothing_is_refused(
    client: Client, sitting: Registration, office: User, wrong: dict[str, str]
) -> None:
    client.sign_in_as(office)
    assert copy(client, sitting, **wrong).status_code == 422


# Typing in


def test_two_people_type_in_the_sheet_and_it_becomes_the_attempt(
    client: Client, db: Session, sitting: Registration, paul: User, office: User, time_machine: TimeMachineFixture
) -> None:
    time_machine.shift(DAY)
    client.sign_in_as(paul)
    client.post(address(sitting), data={**TIMES, "answer_1": "b", "answer_3": "D"})
    client.sign_in_as(office)
    blind = client.get(address(sitting)).text
    assert 'value="B"' not in blind and "2027-03-15T11:00" not in blind
    answer = client.post(address(sitting), data={**TIMES, "answer_1": "B", "answer_3": "c"})
    assert answer.location.endswith("/compare")
    told = client.get(answer.location).text
    assert "1 place differs" in told and "Question 3" in told and "Question 1<" not in told
    assert client.post(address(sitting, rest="/transfer")).location.endswith("/compare")
    client.post(address(sitting), data={**TIMES, "answer_1": "B", "answer_3": "D"})
    assert "Both entries agree" in client.get(address(sitting, rest="/compare")).text
    answer = client.post(address(sitting, rest="/transfer"), follow_redirects=True)
    assert "What Lucía Baca wrote on paper is the attempt now." in answer.text
    client.sign_in_as(sitting.candidate)
    assert "Handed in on paper" in client.get(f"/exam/{sitting.code}").text


def test_a_draft_keeps_whatever_is_typed_even_where_it_makes_no_sense(
    client: Client, db: Session, sitting: Registration, paul: User
) -> None:
    client.sign_in_as(paul)
    typed = {"deed": "draft", "answer_1": "b", "answer_2": "x", "ended_at": "2020-01-01T10:00"}
    answer = client.post(address(sitting), data=typed, headers={"Accept": "application/json"})
    assert "saved" in (answer.json or {})
    entry = db.scalars(select(PaperEntry)).one()
    assert (entry.answers, entry.finished_at, entry.started_at) == ({"TF-0001": "b"}, None, None)
    page = client.get(address(sitting)).text
    assert 'value="B"' in page and "2020-01-01T10:00" in page


@pytest.mark.parametrize(
    ("wrong", "status", "sentence"),
    [
        ({"answer_2": "x"}, 422, "One of A, B, C, D."),
        ({"started_at": ""}, 409, "when the candidate began"),
        ({"started_at": "yesterday"}, 422, "Not a valid datetime value."),
        ({"ended_at": "2027-03-15T09:59"}, 409, "The end lies before the start."),
        ({"ended_at": "2027-03-15T12:00"}, 409, "at the latest"),
        ({"started_at": "2027-03-14T02:30"}, 409, "does not exist in this time zone"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    client: Client, sitting: Registration, paul: User, time_machine: TimeMachineFixture,
    wrong: dict[str, str], status: int, sentence: str,
) -> None:  # fmt: skip
    time_machine.shift(DAY)
    client.sign_in_as(paul)
    answer = client.post(address(sitting), data={**TIMES, "answer_1": "c", **wrong})
    assert answer.status_code == status
    assert sentence in answer.text
    assert 'value="C"' in answer.text


def test_essays_are_compared_word_by_word(
    client: Client, db: Session, sitting: Registration, paul: User, office: User, at: datetime
) -> None:
    for person, text in ((paul, "Ana is tired today."), (office, "Ana was tired today.")):
        type_in(db, sitting, sheet(at - 2 * timedelta(hours=1), {"RFV-0001": text}, "RFV-0001"), person, at=at,
                part=PART_TWO)  # fmt: skip
    client.sign_in_as(paul)
    told = client.get(address(sitting, PART_TWO, "/compare")).text
    assert "Ana <del>is</del><ins>was</ins> tired today." in told
    assert "ticked" not in told


# Who may


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.PROCTOR}))
def test_only_who_runs_the_room_types_in(client: Client, sitting: Registration, personas: Personas, role: Role) -> None:
    client.sign_in_as(personas.person(role))
    for path in (address(sitting), address(sitting, rest="/compare"), f"/room/{sitting.administration_id}/paper"):
        assert client.get(path).status_code == 403
    assert client.post(address(sitting, rest="/transfer")).status_code == 403


def test_nobody_types_in_their_own_and_a_rater_no_essays(
    client: Client, db: Session, sitting: Registration, personas: Personas, at: datetime
) -> None:
    both = personas.person(Role.PROCTOR, Role.RATER)
    client.sign_in_as(both)
    assert client.get(address(sitting)).status_code == 200
    assert client.get(address(sitting, PART_TWO)).status_code == 403
    own = factories.registration(db, at, both, sitting.administration)
    assert client.get(address(own)).status_code == 403
    assert own.code not in client.get(f"/room/{sitting.administration_id}/paper").text


def test_sheets_that_are_not_there(client: Client, db: Session, sitting: Registration, paul: User) -> None:
    client.sign_in_as(paul)
    assert client.get(address(sitting, "part_three")).status_code == 404
    assert client.get(address(sitting, rest="/discard/1")).status_code == 404
    elsewhere = address(sitting).replace(f"/room/{sitting.administration_id}/", "/room/999/")
    assert client.get(elsewhere).status_code == 404


def test_an_entry_is_discarded_by_whoever_typed_it_or_by_the_office(
    client: Client, db: Session, sitting: Registration, personas: Personas, paul: User, office: User, at: datetime
) -> None:
    type_in(db, sitting, sheet(at - 2 * timedelta(hours=1), {"TF-0001": "b"}), paul, at=at)
    here = address(sitting, rest=f"/discard/{db.scalars(select(PaperEntry.id)).one()}")
    client.sign_in_as(personas.proctor())
    assert client.post(here).status_code == 403
    client.sign_in_as(office)
    assert "Discard what Paul Proctor typed in?" in client.get(here).text
    assert "The entry is discarded." in client.post(here, follow_redirects=True).text
    assert client.post(here).status_code == 404
    assert db.scalars(select(PaperEntry)).all() == []


def test_the_room_and_the_register_say_who_writes_on_paper(
    client: Client, db: Session, sitting: Registration, personas: Personas, office: User, at: datetime
) -> None:
    other = factories.registration(db, at, personas.candidate(name="Zoe Screen"), sitting.administration)
    client.sign_in_as(office)
    copy(client, sitting)
    live = json.loads(client.get(f"/room/{sitting.administration_id}/live").text)
    assert {seat["code"]: seat["paper"] for seat in live["seats"]} == {sitting.code: True, other.code: False}
    assert client.get(f"/administrations/{sitting.administration_id}").text.count("On paper") == 1
    listed = client.get(f"/room/{sitting.administration_id}/paper").text
    assert listed.count("Not typed in yet") == 2
    assert "Zoe Screen" in client.get(f"/room/{sitting.administration_id}/paper?code={other.code}").text


def test_the_replay_says_who_typed_it_in(
    client: Client, db: Session, sitting: Registration, personas: Personas, paul: User, office: User, at: datetime
) -> None:
    typed = sheet(at - 2 * timedelta(hours=1), {"TF-0001": "b"})
    for person in (paul, office):
        type_in(db, sitting, typed, person, at=at)
    make_attempt(db, sitting, office, at=at)
    client.sign_in_as(personas.administrator())
    told = client.get(f"/replays/{sitting.code}/part_one").text
    first, second = sorted((paul, office), key=lambda person: person.id)
    assert f"entered from paper by {first.name} and {second.name}" in told
    assert told.count("Typed in from paper") == 2
    assert "The log has been changed" not in told


def test_a_longer_list_asks_the_database_no_more(
    client: Client, db: Session, sitting: Registration, personas: Personas, paul: User, office: User, at: datetime
) -> None:
    client.sign_in_as(office)
    pages = [f"/room/{sitting.administration_id}/paper", f"/administrations/{sitting.administration_id}/paper"]
    typed = sheet(at - 2 * timedelta(hours=1), {})
    type_in(db, sitting, typed, paul, at=at)
    few = [statements_for(client, page) for page in pages]
    for _ in range(9):
        more = factories.registration(db, at, personas.candidate(), sitting.administration)
        type_in(db, more, typed, paul, at=at)
    assert [statements_for(client, page) for page in pages] == few


# In a browser


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_letters_go_on_by_themselves_and_the_draft_is_kept(
    page_of: Callable[..., Page], db: Session, sitting: Registration, paul: User
) -> None:
    page = page_of(paul, width=390)
    page.goto(address(sitting))
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Question 1").focus()
    page.keyboard.type("bx d")
    expect(page.get_by_label("Question 4")).to_be_focused()
    assert [page.get_by_label(f"Question {n}").input_value() for n in range(1, 5)] == ["B", "", "D", ""]
    expect(page.get_by_text("Draft saved at")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Question 3")).to_have_value("D")
