"""The Markdown of items: what its authors may write, and which pictures and formulas stand in it. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from question_bank.formulas import is_readable

# Pictures are named by what they are; a picture from elsewhere stays text, because it could call home.
PICTURE = re.compile(r"!\[((?:\\.|[^\\\[\]])*)\]\(picture:([0-9a-zA-Z]*)\)")
# A letter or digit beside the signs, or a space within them, means money: between $5 and $10, US$5.
FORMULA = re.compile(r"(?<![\w\\$])(?:(\$)(?!\s)|(\$\$))((?:\\.|[^\\$])+)(?:(?(1)(?<!\s)\$|\$\$))(?![\w$])", re.DOTALL)
FORMULAS = ("math_inline", "math_block")


def picture(state: StateInline, silent: bool) -> bool:
    """The rule of the parser for ``![description](picture:digest)``."""
    found = PICTURE.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("picture", "img", 0)
        token.content = " ".join(unescapeAll(found[1]).split())
        token.meta = {"sha256": found[2]}
    state.pos = found.end()
    return True


def formula(state: StateInline, silent: bool) -> bool:
    """The rule of the parser for ``$…$`` and, within a line, ``$$…$$``."""
    found = FORMULA.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = found[3], found[1] or found[2]
    state.pos = found.end()
    return True


def make_parser() -> MarkdownIt:
    # Headings stay out: they would break the outline of the page.
    made = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["heading", "lheading", "image"])
    made.inline.ruler.before("link", "picture", picture)
    dollarmath_plugin(made, allow_labels=False, allow_blank_lines=False)
    made.inline.ruler.at("math_inline", formula)  # in place of the plugin's, which has other signs of money
    return made


parser = make_parser()


@dataclass(frozen=True)
class PlacedPicture:
    """A picture as it stands in a text."""

    sha256: str
    description: str


def pictures_in(text: str) -> list[PlacedPicture]:
    """The pictures of a text, in their order."""
    if "](picture:" not in text:
        return []
    return [PlacedPicture(t.meta["sha256"], t.content) for t in tokens(parser.parse(text)) if t.type == "picture"]


def digests_in(texts: Iterable[str]) -> set[str]:
    """The digests of all pictures in these texts."""
    return {found.sha256 for text in texts for found in pictures_in(text)}


def lacks_description(text: str) -> bool:
    """Whether somebody who cannot see would miss a picture of this text."""
    return any(not found.description for found in pictures_in(text))


def has_unreadable_formula(text: str) -> bool:
    """Whether a formula of this text could only be shown as it was typed."""
    if "$" not in text:
        return False
    return any(t.type in FORMULAS and not is_readable(t.content.strip()) for t in tokens(parser.parse(text)))


def picture_line(sha256: str, description: str) -> str:
    """The Markdown of a picture with its description."""
    escaped = re.sub(r"([\\\[\]])", r"\\\1", " ".join(description.split()))
    return f"![{escaped}](picture:{sha256})"


def tokens(found: Iterable[Token]) -> Iterator[Token]:
    """Every token, and those inside it."""
    for token in found:
        yield token
        yield from tokens(token.children or [])
