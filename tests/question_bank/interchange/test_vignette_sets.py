"""Vignette sets in files: one vignette, said once or each time."""

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


def test_an_essay_stands_outside_of_sets_and_says_so() -> None:
    text = HEAD.replace("answer", "answer,type") + "Q?,x,y,a,,Ana visits.,S1\nWhat now?,,,,essay,Ben waits.,S1\n"
    question, essay = read(text.encode(), "bank.csv").items
    assert (question.tags.get("vignette_set"), essay.tags.get("vignette_set")) == ("S1", None)
    assert (essay.status, essay.stimulus) == (RowStatus.CHANGED, "Ben waits.")
