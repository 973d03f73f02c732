"""Text with Markdown, made safe for a page: authors write it, candidates read it."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# Headings and images stay out: a heading would break the outline of the page, an image could call home.
parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["heading", "lheading", "image"])

_TAGS = set("a blockquote br code em hr li ol p pre strong table tbody td th thead tr ul".split())


def render_markdown(text: str | None) -> Markup:
    """HTML of ``text`` with only harmless tags; raw HTML in it is shown as text."""
    clean = nh3.clean(
        parser.render(text or ""),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704  # nosec B704
