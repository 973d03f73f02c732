"""The words of items for paper: their Markdown as blocks and stretches of text, of which none becomes markup."""

from functools import lru_cache
from typing import Any

from markdown_it.tree import SyntaxTreeNode
from ziamath.zmath import Latex

from question_bank.formulas import is_readable
from question_bank.item_text import FORMULAS, parser

# What a stretch of text or a block is called in the template; anything else is taken apart.
INLINE = {"strong": "strong", "em": "emph", "softbreak": "space", "hardbreak": "break"}
BLOCKS = {"bullet_list": "list", "ordered_list": "enum", "list_item": "item", "blockquote": "quote"}

Node = dict[str, Any]

# In which formulas are drawn; the template gives them the size of the text around them.
DRAWN_AT = 10


def blocks(text: str) -> list[Node]:
    """The paragraphs, lists, quotations and tables of a text."""
    return blocks_of(SyntaxTreeNode(parser.parse(text)))


def blocks_of(node: SyntaxTreeNode) -> list[Node]:
    return [block(child) for child in node.children]


def block(node: SyntaxTreeNode) -> Node:
    if node.type == "table":
        rows = [row for part in node.children for row in part.children]
        return {"kind": "table", "rows": [[inlines(cell) for cell in row.children] for row in rows]}
    if node.type in BLOCKS:
        start = int(node.attrs.get("start", 1))
        return {"kind": BLOCKS[node.type], "start": start, "body": blocks_of(node)}
    if node.type in ("code_block", "fence"):
        return {"kind": "code", "text": node.content}
    if node.type == "hr":
        return {"kind": "rule"}
    if node.type in FORMULAS:
        return {"kind": "paragraph", "body": [formula(node)]}
    return {"kind": "paragraph", "body": inlines(node)}


def inlines(node: SyntaxTreeNode) -> list[Node]:
    """The stretches of text of a paragraph or cell."""
    return [stretch(child) for inline in node.children for child in inline.children]


def line(text: str) -> list[Node]:
    """The stretches of a text that stands within a line, such as an option."""
    return inlines(SyntaxTreeNode(parser.parseInline(text)))


def stretch(node: SyntaxTreeNode) -> Node:
    if node.type in FORMULAS:
        return formula(node)
    if node.type == "picture":
        return {"kind": "picture", "file": node.meta["sha256"], "text": node.content}
    if node.type == "code_inline":
        return {"kind": "code", "text": node.content}
    if node.children:
        return {"kind": INLINE.get(node.type, "group"), "body": [stretch(child) for child in node.children]}
    return {"kind": INLINE.get(node.type, "text"), "text": node.content}


def formula(node: SyntaxTreeNode) -> Node:
    """A formula as a drawing; as it was typed when it cannot be drawn."""
    as_typed = {"kind": "code", "text": f"{node.markup}{node.content}{node.markup}"}
    return drawing(node.content.strip(), inline=node.markup == "$") or as_typed


@lru_cache(maxsize=512)
def drawing(tex: str, *, inline: bool) -> Node | None:
    """A formula drawn, with how far it hangs below the line."""
    try:
        drawn = Latex(tex, size=DRAWN_AT, inline=inline) if is_readable(tex) else None
    except Exception:  # it knows less TeX than pages do, and says so in many ways
        drawn = None
    if drawn is None:
        return None
    svg = drawn.svgxml()
    _left, top, _width, height = (float(number) for number in svg.attrib["viewBox"].split())
    return {
        "kind": "formula",
        "svg": drawn.svg(),
        "text": tex,
        "height": height / DRAWN_AT,
        "depth": (height + top) / DRAWN_AT,
    }
