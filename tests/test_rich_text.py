"""Authors' Markdown becomes harmless HTML."""

import pytest

from examapp.rich_text import render_markdown


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


def test_no_text_is_no_html() -> None:
    assert render_markdown(None) == ""
