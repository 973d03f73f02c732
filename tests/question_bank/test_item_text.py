"""What the Markdown of items may hold: pictures of our own with a description, and formulas."""

import pytest

from question_bank.formulas import is_readable
from question_bank.item_text import (
    PlacedPicture,
    has_unreadable_formula,
    lacks_description,
    picture_line,
    pictures_in,
)

SHA = "ab" * 32


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Look.\n\n![A room](picture:{SHA})", [PlacedPicture(SHA, "A room")]),
        (f"1. ![a](picture:{SHA}) and ![b](picture:ff)", [PlacedPicture(SHA, "a"), PlacedPicture("ff", "b")]),
        (f"`![a](picture:{SHA})`", []),
        ("![a](https://example.org/a.png)", []),
        ("no picture", []),
    ],
)
def test_the_pictures_of_a_text_are_found(text: str, found: list[PlacedPicture]) -> None:
    assert pictures_in(text) == found


@pytest.mark.parametrize("description", ["A room", "a [b] \\ c", "two\nlines", "]("])
def test_what_is_written_for_a_picture_is_read_back(description: str) -> None:
    assert pictures_in(picture_line(SHA, description)) == [PlacedPicture(SHA, " ".join(description.split()))]


def test_a_picture_needs_a_description() -> None:
    assert lacks_description(f"![ ](picture:{SHA})")
    assert not lacks_description(f"![A room](picture:{SHA})")


@pytest.mark.parametrize(
    "text",
    ["It costs $5.", "Between $5 and $10", "$5-$10", "$x^2$ costs $5", "US$5, CA$ 7", "no $ sign, or \\$a$", "$x^2$"],
)
def test_money_is_no_formula_that_cannot_be_read(text: str) -> None:
    assert not has_unreadable_formula(text)


@pytest.mark.parametrize("text", ["So $\\frac{a$ is", "$$\n\\unknown\n$$", "a $x^$ b", f"${'x' * 1001}$"])
def test_a_formula_that_cannot_be_read_is_found(text: str) -> None:
    assert has_unreadable_formula(text)


@pytest.mark.parametrize(
    ("tex", "readable"),
    [
        (r"\bar{x} = \frac{1}{n} \sum_{i=1}^{n} x_i", True),
        (r"\begin{cases} a & b \\ c & d \end{cases}", True),
        (r"\sqrt[3]{x} \le \{y\} \text{ of } 50 \%", True),
        (r"\frac{a", False),
        ("a}", False),
        ("{" * 700, False),
        (r"\sqrt{" * 5 + r"\frac{a}{b}" + "}" * 5, True),
        (r"\sqrt{" * 30 + "x" + "}" * 30, False),
        (r"\left(" * 12 + "x" + r"\right)" * 12, False),
        (r"\begin{matrix}" * 14 + "x" + r"\end{matrix}" * 14, False),
        ("", False),
    ],
)
def test_a_formula_is_readable_when_all_of_it_is(tex: str, readable: bool) -> None:
    assert is_readable(tex) is readable
