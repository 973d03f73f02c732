"""Vignette sets in files: one vignette, said once or each time."""

import json
from base64 import b64encode
from hashlib import sha256

import pytest

from question_bank.interchange import RowStatus, read
from question_bank.interchange.parsed import ParsedItem
from question_bank.item_text import picture_line
from tests.picture_files import picture_file

HEAD = "question,a,b,answer,vignette,vignette set\n"


def rows(*lines: str) -> list[tuple[RowStatus, str]]:
    reading = read((HEAD + "".join(f"{line}\n" for line in lines)).encode(), "bank.csv")
    return [(item.status, item.stimulus) for item in reading.items]


def test_the_vignette_of_a_set_may_stand_with_one_of_its_questions_only() -> None:
    found = rows("Q?,x,y,a,Ana visits.,S1", "R?,x,y,a,,S1", "T?,x,y,a,,")
    assert found == [(RowStatus.ACCEPTED, "Ana visits."), (RowStatus.ACCEPTED, "Ana visits."), (RowStatus.ACCEPTED, "")]


def test_another_vignette_in_the_same_set_is_refused() -> None:
    found = rows("Q?,x,y,a,Ana visits.,S1", "R?,x,y,a,Ben waits.,S1")
    assert [status for status, _text in found] == [RowStatus.ACCEPTED, RowStatus.REFUSED]


def test_a_set_without_a_vignette_is_none_and_says_so() -> None:
    assert rows("Q?,x,y,a,,S1", "R?,x,y,a,,S1") == [(RowStatus.CHANGED, "")] * 2


MIXED = "question,a,b,answer,type,title,vignette,vignette kind,vignette set\n"
QUESTION, ESSAY = "Q?,x,y,a,,,Ana visits.,,S1\n", "What now?,,,,essay,Ben,Ben waits.,clinical,S1\n"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (QUESTION + ESSAY, "Its vignette set begins with a question, so this essay stands outside of it."),
        (ESSAY + QUESTION, "Its vignette set begins with an essay, so this question stands outside of it."),
    ],
)
def test_questions_and_essays_are_in_no_set_together_and_the_file_is_told(lines: str, said: str) -> None:
    first, second = read((MIXED + lines).encode(), "bank.csv").items
    assert (first.tags.get("vignette_set"), second.tags.get("vignette_set")) == ("S1", None)
    assert (first.status, second.status, second.reasons) == (RowStatus.ACCEPTED, RowStatus.CHANGED, (said,))
    assert {first.stimulus, second.stimulus} == {"Ana visits.", "Ben waits."}


def test_the_vignette_and_its_kind_may_stand_with_one_of_several_essays_only() -> None:
    lines = ESSAY + "What next?,,,,essay,Ben again,,,S1\n"
    first, second = read((MIXED + lines).encode(), "bank.csv").items
    assert (second.status, second.stimulus, second.tags) == (RowStatus.ACCEPTED, "Ben waits.", first.tags)


def essays(*told: tuple[str, str]) -> list[tuple[str, list[str]]]:
    """Of essays in a sheet with these vignettes and kinds: the kind they got, and what the file is told."""
    lines = (f"What {place}?,,,,essay,Ben,{vignette},{kind},S1\n" for place, (vignette, kind) in enumerate(told))
    items = read((MIXED + "".join(lines)).encode(), "bank.csv").items
    return [(item.tags.get("slot", ""), [str(reason) for reason in item.reasons]) for item in items]


def in_json(*contents: dict[str, str], **more: object) -> list[ParsedItem]:
    items = [{"kind": "essay", "vignette_set": "RFV-0001", "content": content} for content in contents]
    document = {"format": "items of an item bank", "version": 1, "items": items, **more}
    return read(json.dumps(document).encode(), "bank.json").items


SAID = "Its kind of vignette was “policy”; it got “clinical” from its set."


@pytest.mark.parametrize(
    ("told", "reasons"),
    [
        ([("Ben waits.", "clinical"), ("Ben waits.", "")], [[], []]),
        ([("Ben waits.", ""), ("", "clinical")], [[], []]),
        ([("Ben waits.", "clinical"), ("Ben waits.", "policy")], [[], [SAID]]),
        ([("", "clinical"), ("Ben waits.", "policy")], [[], [SAID]]),
    ],
)
def test_a_set_of_essays_has_the_kind_of_vignette_that_it_says_first(
    told: list[tuple[str, str]], reasons: list[list[str]]
) -> None:
    assert essays(*told) == [("clinical", said) for said in reasons]
    items = in_json(*({"stimulus": text, "slot": kind, "prompt": f"{kind} {text}?"} for text, kind in told))
    assert [(item.content or {})["slot"] for item in items] == ["clinical", "clinical"]
    assert [[str(reason) for reason in item.reasons] for item in items] == reasons


def test_a_refused_essay_does_not_say_the_kind_of_the_set() -> None:
    refused = "Its vignette is not that of its set. Write the same one, or leave it empty."
    found = essays(("Ben waits.", ""), ("Ana visits.", "policy"), ("", "clinical"))
    assert found == [("clinical", []), ("policy", [refused]), ("clinical", [])]


def test_a_long_kind_of_vignette_is_not_repeated_whole_with_every_essay() -> None:
    (_first, (_kind, [said])) = essays(("Ben waits.", 9_000 * "c"), ("", "policy"))
    assert len(said) < 200


def test_what_only_questions_say_of_kinds_of_vignettes_is_not_compared() -> None:
    lines = "Q?,x,y,a,,,Ana visits.,clinical,S1\nR?,x,y,a,,,,policy,S1\n"
    assert [item.reasons for item in read((MIXED + lines).encode(), "bank.csv").items] == [(), ()]


def test_vignette_and_kind_may_be_said_once_in_json_too() -> None:
    _first, second = in_json(
        {"stimulus": "Ben waits.", "slot": "clinical", "prompt": "Now?"}, {"prompt": "Next?", "slot": ""}
    )
    assert second.content
    assert second.content.items() >= {"stimulus": "Ben waits.", "slot": "clinical", "prompt": "Next?"}.items()


def test_the_pictures_of_the_vignette_come_with_it() -> None:
    room, door = (picture_file(size=(4, height)) for height in (4, 5))
    one, other = (sha256(data).hexdigest() for data in (room, door))
    pictures = {name: b64encode(data).decode() for name, data in ((one, room), (other, door))}
    seen, prompt = picture_line(one, "A room"), f"Next? {picture_line(other, 'A door')}"
    first, second = in_json({"stimulus": seen, "prompt": "Now?"}, {"prompt": prompt}, pictures=pictures)
    assert (first.pictures, second.pictures) == ({one: room}, {one: room, other: door})
