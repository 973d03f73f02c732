"""The words of items for paper: their Markdown as blocks and stretches of text, of which none becomes markup."""

from typing import Any

from markdown_it.tree import SyntaxTreeNode

from examapp.rich_text import parser

# What a stretch of text or a block is called in the template; anything else is taken apart.
INLINE = {"strong": "strong", "em": "emph", "softbreak": "space", "hardbreak": "break"}
BLOCKS = {"bullet_list": "list", "ordered_list": "enum", "list_item": "item", "blockquote": "quote"}

Node = dict[str, Any]


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
    return {"kind": "paragraph", "body": inlines(node)}


def inlines(node: SyntaxTreeNode) -> list[Node]:
    """The stretches of text of a paragraph or cell."""
    return [stretch(child) for inline in node.children for child in inline.children]


def stretch(node: SyntaxTreeNode) -> Node:
    if node.children:
        return {"kind": INLINE.get(node.type, "group"), "body": [stretch(child) for child in node.children]}
    return {"kind": INLINE.get(node.type, "text"), "text": node.content}
