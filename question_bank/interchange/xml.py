"""Reading XML that may be hostile: no DOCTYPE, no entities, nothing fetched, and a clear word when it is broken."""

from collections.abc import Collection, Iterator, Sequence
from io import BytesIO
from typing import Literal

from lxml import etree

from question_bank.errors import sentence as _
from question_bank.interchange.parsed import UNSEEN, UnreadableFile, by_lines, clean, line_break

DAMAGED = _("This XML is damaged or incomplete near line %(line)s. Export it again, and upload that.")
TOO_LONG = _("A single text in this file is larger than 10 MB. No question is that long; look at the file.")
TOO_MANY = _("This file, or one question in it, has far more XML elements than questions need. Look at the file.")
HAS_DOCTYPE = _("This XML declares a DOCTYPE, which question files do not need. It is not read.")

# Elements are kept in memory, some hundred bytes each: of a whole document that is read at once, and of one question.
MOST_ELEMENTS, MOST_OF_ONE = 1_000_000, 100_000


def elements(data: bytes, *names: str) -> Iterator[etree._Element]:
    """The elements of these local names, each forgotten after its turn, so that memory does not grow with the file."""
    try:
        yield from forgotten_after_use(parsing(data, ("start", "end")), names)
    except etree.XMLSyntaxError as error:
        raise unreadable(error) from None


def forgotten_after_use(
    events: Iterator[tuple[str, etree._Element]], names: tuple[str, ...]
) -> Iterator[etree._Element]:
    begun = 0
    for event, element in events:
        if event == "start":
            begun += 1
            if begun > MOST_OF_ONE:
                raise UnreadableFile(TOO_MANY)
            if element.getparent() is None:
                refuse_doctype(element)
        elif local(element) in names:
            yield element
            begun = 0
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def tree(data: bytes, most: int = MOST_ELEMENTS) -> etree._Element:
    """The root of a document that is small enough, which is known before it is read."""
    if data.count(b"<") > 2 * most:  # most elements begin and end
        raise UnreadableFile(TOO_MANY)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise unreadable(error) from None
    refuse_doctype(root)
    return root


def root_name(data: bytes) -> str:
    """The local name of the outermost element; empty when this is no XML."""
    try:
        for _event, element in parsing(data, ("start",)):
            refuse_doctype(element)
            return local(element)
    except etree.XMLSyntaxError:
        pass
    return ""


def parsing(data: bytes, events: Sequence[Literal["start", "end"]]) -> Iterator[tuple[str, etree._Element]]:
    return etree.iterparse(
        BytesIO(data), events=events, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip


def refuse_doctype(root: etree._Element) -> None:
    if root.getroottree().docinfo.doctype:
        raise UnreadableFile(HAS_DOCTYPE)


def unreadable(error: etree.XMLSyntaxError) -> UnreadableFile:
    if "huge" in str(error).casefold() or "too long" in str(error).casefold():
        return UnreadableFile(TOO_LONG)
    return UnreadableFile(DAMAGED, line=error.lineno or 1)


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; of what is no element, nothing."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def folded(element: etree._Element) -> str:
    """The name of an element as all versions of QTI share it; names of HTML stay what they are."""
    return local(element).removeprefix("qti-").replace("-", "").lower()


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if folded(child) == name)


def flowing_text(
    *roots: etree._Element, skip: frozenset[str] = frozenset(), leave_out: Collection[etree._Element] = frozenset()
) -> tuple[str, set[str]]:
    """The text of XHTML elements, its blocks as lines and paragraphs, and the names of the elements in it.

    Elements that ``skip`` names, and those to ``leave_out``, are passed over with all that is in them.
    """
    found, pieces = set[str](), list[str]()
    for root in roots:
        passed_over = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            name = folded(element)
            if event == "start" and passed_over is None:
                if element is not root and (name in skip or name in UNSEEN or element in leave_out):
                    passed_over = element
                    continue
                found |= {picture_or(name, element)} - {folded(root)}
                pieces.append(line_break(name) + (one_line(element.text) if name else ""))
            elif event == "end" and passed_over in (None, element):
                passed_over = None
                tail = one_line(element.tail) if element is not root else ""
                pieces.append(line_break(name, closing=True) + tail)
        pieces.append("\n\n")
    return by_lines(clean("".join(pieces))), found


def one_line(text: str | None) -> str:
    """A line that ends in the source of XHTML ends nothing for its reader."""
    return (text or "").replace("\n", " ")


def picture_or(name: str, element: etree._Element) -> str:
    """A picture may be an object of that type; anything else goes by its name."""
    return "img" if name == "object" and element.get("type", "").startswith("image/") else name
