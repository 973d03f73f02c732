"""Authors' Markdown becomes harmless HTML."""

import pytest

from examapp.rich_text import render_line, render_markdown
from question_bank.item_text import picture_line

SHA = "ab" * 32


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("A **key** word", "<p>A <strong>key</strong> word</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "<td>2</td>"),
        ("Is 3 < 4?", "<p>Is 3 &lt; 4?</p>"),
    ],
)
def test_markdown_is_shown_as_it_is_meant(text: str, html: str) -> None:
    assert html in render_markdown(text)


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[here](javascript:alert(1))",
        "[here](data:text/html;base64,PHNjcmlwdD4=)",
        "![pixel](https://tracker.example.org/p.gif)",
        '<p style="position:fixed">',
        "![pixel](data:image/png;base64,aaaa)",
        "[here](data:image/png;base64,aaaa)",
        "$\\href{javascript:alert(1)}{x}$",
        "$\\text{<img src=x onerror=alert(1)>}$",
    ],
)
def test_nothing_dangerous_survives(attack: str) -> None:
    html = render_markdown(attack)
    for sign in ("<script", "<img", 'href="javascript', 'href="data', "<p style"):
        assert sign not in html


def test_a_heading_does_not_disturb_the_outline_of_the_page() -> None:
    assert render_markdown("# Memo") == "<p># Memo</p>\n"


def test_a_link_gives_nothing_of_ours_away() -> None:
    html = render_markdown("[Zero to Three](https://www.zerotothree.org)")
    assert 'rel="noopener noreferrer"' in html


def test_a_picture_stands_where_the_page_finds_it() -> None:
    html = render_markdown(picture_line(SHA, 'A "blue" room'), lambda sha256: f"/pictures/{sha256}")
    assert f'<img class="item-picture" src="/pictures/{SHA}" alt="A &quot;blue&quot; room">' in html


def test_a_page_without_pictures_has_their_descriptions() -> None:
    assert render_markdown(picture_line(SHA, "A room <b>")) == "<p>A room &lt;b&gt;</p>\n"


def test_a_formula_becomes_mathml() -> None:
    assert '<math display="inline"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>' in render_markdown("$x^2$")
    assert '<math display="block">' in render_markdown("$$\nx\n$$")


@pytest.mark.parametrize("text", ["It costs $5, not $10.", "$\\frac{a$", "$$\\unknown$$"])
def test_what_is_no_formula_is_shown_as_typed(text: str) -> None:
    assert text in render_markdown(text)


def test_an_option_has_no_paragraphs() -> None:
    assert render_line("**3** of $n$") == '<strong>3</strong> of <math display="inline"><mrow><mi>n</mi></mrow></math>'


def test_no_text_is_no_html() -> None:
    assert render_markdown(None) == ""
