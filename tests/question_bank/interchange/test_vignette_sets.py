"""Vignette sets in files: one vignette, said once or each time."""

import json

import pytest

from question_bank.interchange import RowStatus, read

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


def test_the_same_is_so_in_json() -> None:
    record = {"kind": "essay", "vignette_set": "RFV-0001"}
    contents = [{"stimulus": "Ben waits.", "slot": "clinical", "prompt": "Now?"}, {"prompt": "Next?", "slot": ""}]
    document = {
        "format": "items of an item bank", "version": 1, "items": [{**record, "content": c} for c in contents],
    }  # fmt: skip
    _first, second = read(json.dumps(document).encode(), "bank.json").items
    assert second.content
    assert second.content.items() >= {"stimulus": "Ben waits.", "slot": "clinical", "prompt": "Next?"}.items()
