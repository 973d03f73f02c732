"""Text with Markdown, made safe for a page: authors write it, candidates read it."""

from collections.abc import Callable, MutableMapping, Sequence
from html import escape
from typing import Any

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from question_bank.formulas import ATTRIBUTES, PARTS, UnreadableFormula, mathml
from question_bank.item_text import FORMULAS, make_parser

# Where a page finds the picture of a digest.
Address = Callable[[str], str]
Environment = MutableMapping[str, Any]

_TAGS = set("a blockquote br code em hr img li ol p pre strong table tbody td th thead tr ul".split())


def show_picture(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment
) -> str:
    """A picture; its description where a page has no pictures."""
    token, address = tokens[index], env["address"]
    if address is None:
        return escape(token.content)
    return f'<img class="item-picture" src="{escape(address(token.meta["sha256"]))}" alt="{escape(token.content)}">'


def show_formula(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment
) -> str:
    """A formula as MathML; as it was typed when it cannot be read."""
    token = tokens[index]
    try:
        return mathml(token.content.strip(), block=token.markup == "$$")
    except UnreadableFormula:
        return escape(f"{token.markup}{token.content}{token.markup}")


parser = make_parser()
parser.add_render_rule("picture", show_picture)
for name in FORMULAS:
    parser.add_render_rule(name, show_formula)


def keep_attribute(tag: str, name: str, value: str) -> str | None:
    """Data stands in pictures, never behind a link."""
    return None if name == "href" and value.startswith("data:") else value


cleaner = nh3.Cleaner(
    tags=_TAGS | PARTS.keys(),
    attributes={
        "a": {"href"},
        "ol": {"start"},
        "img": {"class", "src", "alt"},
        **{tag: set(ATTRIBUTES) for tag in PARTS},
    },
    attribute_filter=keep_attribute,
    url_schemes={"http", "https", "mailto", "data"},
    link_rel="noopener noreferrer",
)


def render_markdown(text: str | None, address: Address | None = None) -> Markup:
    """HTML of ``text`` with only harmless tags; raw HTML in it is shown as text.

    ``address`` says where the page finds a picture; without it the page gets the descriptions of the pictures.
    """
    return harmless(parser.render(text or "", {"address": address}))


def render_line(text: str | None, address: Address | None = None) -> Markup:
    """The same without paragraphs: for a text that stands within a line, such as an option."""
    return harmless(parser.renderInline(text or "", {"address": address}))


def harmless(html: str) -> Markup:
    return Markup(cleaner.clean(html))  # noqa: S704  # nosec B704
