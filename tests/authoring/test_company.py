"""The page of an item's enemies and its vignette set, rung by rung."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from question_bank import exam_policy
from question_bank.enemies import enemies_of
from question_bank.items import ItemVersion, ReviewState
from tests.bank import Bank
from tests.personas import Client, Personas


@pytest.fixture
def pair(db: Session, bank: Bank, client: Client, personas: Personas) -> tuple[ItemVersion, ItemVersion]:
    bank.story = "Ana is two."
    first = bank.item()
    bank.story = ""
    second = bank.item(state=ReviewState.DRAFT)
    db.flush()
    client.sign_in_as(personas.author())
    return first, second


def address(version: ItemVersion, rest: str) -> str:
    return f"/bank/items/{version.item.code}/{rest}"


def test_two_items_are_kept_apart_and_reconciled(
    client: Client, db: Session, pair: tuple[ItemVersion, ItemVersion]
) -> None:
    first, second = pair
    assert "It has none." in client.get(address(first, "company")).text
    typed = {"enemy": second.item.code.lower(), "reason": "Its stem names the key."}
    page = client.post(address(first, "enemies"), data=typed, follow_redirects=True).text
    assert "do not meet on a form any more" in page
    assert "Its stem names the key." in client.get(address(second, "company")).text
    client.post(address(second, f"enemies/{first.item.code}/reconcile"))
    assert enemies_of(db, first.item) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"enemy": "", "reason": "Cue."}, "Write the code of an item"),
        ({"enemy": "NO-0001", "reason": "Cue."}, "The bank has no item of this code."),
        ({"enemy": "OWN", "reason": "Cue."}, "An item is no enemy of itself."),
        ({"enemy": "NO-0001", "reason": " "}, "Write the reason."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_kept(
    client: Client, pair: tuple[ItemVersion, ItemVersion], typed: dict[str, str], said: str
) -> None:
    own = pair[0].item.code
    typed = {name: own if text == "OWN" else text for name, text in typed.items()}
    refused = client.post(address(pair[0], "enemies"), data=typed)
    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{typed["enemy"]}"' in refused.text


def test_a_vignette_is_shared_changed_and_left(
    client: Client, db: Session, pair: tuple[ItemVersion, ItemVersion]
) -> None:
    first, second = pair
    assert "Write the vignette of" in client.post(address(first, "set"), data={"member": second.item.code}).text
    page = client.post(address(second, "set"), data={"member": first.item.code}, follow_redirects=True).text
    assert f"{second.item.code} shares a vignette with {first.item.code} now." in page
    assert second.content["stimulus"] == "Ana is two."
    second.content = {**second.content, "stimulus": "Ana is three."}
    db.flush()
    assert "The vignettes of this set differ" in client.get(address(first, "company")).text
    assert "Its vignette is not that of its set." in client.get(f"/bank/items/{second.item.code}").text
    assert "1 item has the vignette now." in client.post(address(first, "set/share"), follow_redirects=True).text
    assert second.content["stimulus"] == "Ana is two."
    assert "stands alone now" in client.post(address(second, "set/leave"), follow_redirects=True).text
    assert first.item.set_code is None


def test_essays_are_put_together_and_go_nowhere_with_questions(
    client: Client, db: Session, bank: Bank, pair: tuple[ItemVersion, ItemVersion]
) -> None:
    first, second = bank.vignette("policy"), bank.vignette("clinical")
    db.flush()
    assert "Essays about one vignette." in client.get(address(first, "company")).text
    refused = client.post(address(second, "set"), data={"member": pair[0].item.code})
    assert (refused.status_code, "Questions and essays stand in different parts" in refused.text) == (422, True)
    page = client.post(address(second, "set"), data={"member": first.item.code}, follow_redirects=True).text
    assert f"{second.item.code} shares a vignette with {first.item.code} now." in page
    draft = second.item.latest
    assert (draft.number, draft.content["stimulus"], draft.content["slot"]) == (2, first.content["stimulus"], "policy")
    draft.content = {**draft.content, "slot": "clinical"}
    db.flush()
    assert "Its vignette is not that of its set." in client.get(f"/bank/items/{second.item.code}").text
    assert "1 item has the vignette now." in client.post(address(first, "set/share"), follow_redirects=True).text
    assert draft.content["slot"] == "policy"


@pytest.mark.parametrize(
    ("slot", "tracks", "warned"),
    [
        ("clinical", ([], []), False),
        ("clinical", (["clinical"], []), False),
        ("policy", (["policy"], ["policy"]), False),
        ("policy", (["policy"], ["clinical"]), True),
        ("teaching", ([], []), True),  # one place
    ],
)
def test_a_set_that_no_slot_group_can_take_is_said_to_be_one(
    client: Client, db: Session, bank: Bank, personas: Personas, at: datetime, slot: str,
    tracks: tuple[list[str], list[str]], warned: bool,
) -> None:  # fmt: skip
    exam_policy.load_default(db, at=at)
    first, second = (bank.vignette(slot, tracks=mine) for mine in tracks)
    first.item.set_code = second.item.set_code = first.item.code
    db.flush()
    client.sign_in_as(personas.author())
    assert ("No form can take this set" in client.get(address(first, "company")).text) is warned


def test_who_may_not_write_is_offered_to_keep_items_apart_and_no_more(
    client: Client, db: Session, bank: Bank, personas: Personas
) -> None:
    first, second, alone = bank.vignette(), bank.vignette(), bank.vignette()
    first.item.set_code = second.item.set_code = first.item.code
    db.flush()
    deeds = ("Keep them apart", "to the whole set", "out of the set", "Put them together")
    for person, writes in ((personas.author(), True), (personas.reviewer(), False)):
        client.sign_in_as(person)
        pages = [client.get(address(essay, "company")).text for essay in (first, alone)]
        offered = [tuple(deed in page for deed in deeds) for page in pages]
        assert offered == [(True, writes, writes, False), (True, False, False, writes)]
    assert client.post(address(alone, "set"), data={"member": first.item.code}).status_code == 403
