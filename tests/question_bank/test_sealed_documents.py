"""What is told of a sealed form's questions and essays."""

import pytest

from question_bank.sealed_documents import SealedEssay, told_together


@pytest.mark.parametrize(
    ("stories", "of_each"),
    [
        ("AAB", [[1, 2], [1, 2], []]),
        ("BAAA", [[], [2, 3, 4], [2, 3, 4], [2, 3, 4]]),
        ("AABB", [[1, 2], [1, 2], [3, 4], [3, 4]]),
        ("ABA", [[], [], []]),  # the same words by chance
        ("AABA", [[1, 2], [1, 2], [], []]),
        ("  ", [[], []]),  # without a vignette
    ],
)
def test_a_vignette_belongs_to_what_stands_about_it_in_one_piece(stories: str, of_each: list[list[int]]) -> None:
    asked = [
        SealedEssay(code=f"RFV-000{number}", version=1, title="", stimulus=story.strip(), prompt="")
        for number, story in enumerate(stories)
    ]
    assert [list(told_together(asked, one)) for one in asked] == of_each
