"""Items and vignettes are imported and written, reviewed, and become a sealed form."""

from playwright.sync_api import FilePayload

from tests.whole_line import texts
from tests.whole_line.texts import Choice, Vignette
from tests.whole_line.visitor import Visitor

SENT_BACK = "Say in the rationale why listening comes first."
FORM = "Form A"
WAITING = "table:has(caption:text-is('Waiting for you')) .item-code a"


# Importing


def import_items(author: Visitor) -> list[str]:
    """First a sheet with a fault, which the dry run names first; then the mended one. The codes of the items."""
    upload(author, texts.SHEET_WITH_FAULT)
    bad, *good = author.page.locator("#rows tbody tr").all_inner_texts()
    assert all("Accepted" in row and "change" not in row for row in good)
    assert "Refused" in bad
    assert "Its key names no option." in bad
    author.follow("Choose another file")
    upload(author, texts.SHEET)
    author.press("Import 5 items as drafts")
    author.sees("5 items were imported as drafts.")
    return author.page.locator("#found .item-code a").all_inner_texts()


def upload(author: Visitor, sheet: str) -> None:
    author.visit("/bank/import")
    author.field("File").set_input_files(FilePayload(name="items.csv", mimeType="text/csv", buffer=sheet.encode()))
    author.press("Read the file")
    author.sees("This is a dry run: nothing has been written.")


# Writing


def write_item(author: Visitor, item: Choice) -> str:
    """One item by hand: its code."""
    begin(author, "Multiple choice, one best answer", item.area)
    author.write({"Stem": item.stem})
    for letter, text in zip("ABCD", item.options, strict=True):
        author.write({f"Option {letter}": text})
    author.tick(f"{item.key.upper()} is the key", "3:", "4:")
    author.choose({"Primary term": item.term})
    author.write({"Rationale": "She asks to be heard.", "Reference": texts.BOOK})
    return save(author)


def write_vignette(author: Visitor, vignette: Vignette) -> str:
    begin(author, "Vignette with essay prompt and rubric", "Reflection")
    for dimension in texts.DIMENSIONS:
        author.press("Add a dimension")
        fields = author.page.locator("fieldset.dimension").last
        fields.get_by_label("Dimension", exact=True).fill(dimension)
        for level, descriptor in enumerate(texts.DESCRIPTORS):
            fields.get_by_label("What an essay of this level does").nth(level).fill(descriptor)
    author.write({"Title of the vignette": vignette.title, "Vignette": vignette.story, "Prompt": vignette.prompt})
    author.choose({"Kind of vignette": "Clinical", "Primary term": "curiosity"})
    author.tick("3:")
    return save(author)


def begin(author: Visitor, kind: str, area: str) -> None:
    author.visit("/bank/items/new")
    author.choose({"Kind of item": kind, "Area of expertise": area})
    author.press("Begin")


def save(author: Visitor) -> str:
    author.press("Save draft")
    author.sees("The draft is saved.")
    return author.page.get_by_role("heading", level=1).inner_text()


# Review


def send_to_review(author: Visitor, codes: list[str]) -> None:
    for code in codes:
        author.visit(f"/bank/items/{code}")
        author.press("Send to review")
        author.sees(f"{code} is in review now.")


def review_everything(reviewer: Visitor, second: Visitor, author: Visitor, doubtful: str) -> None:
    """One item is sent back and mended; in the end two people have read everything, and it is put to use."""
    decide(reviewer, doubtful, "Send back", SENT_BACK)
    mend(author, doubtful)
    for person, decision in ((reviewer, "Pass it on"), (second, "Approve")):
        person.visit("/")
        person.follow("8 items wait for your review")
        queue = person.page.locator(WAITING)
        while queue.count():
            decide(person, queue.first.inner_text(), decision)
        person.sees("Nothing waits for your review")
    put_to_use(second)


def put_to_use(reviewer: Visitor) -> None:
    reviewer.visit("/bank?state=approved")
    reviewer.tick("Choose all 8 items on this page")
    reviewer.press("Put to use")
    reviewer.press("Put 8 items to use")
    reviewer.sees("8 items are in use now.")


def decide(reviewer: Visitor, code: str, decision: str, comment: str = "") -> None:
    reviewer.visit("/bank/review")
    reviewer.follow(code)
    if decision != "Send back":
        for box in reviewer.page.get_by_role("group", name="Checklist").locator("label").all():
            box.click()
    reviewer.tick(decision)
    reviewer.write({"Comment": comment})
    reviewer.press("Decide")


def mend(author: Visitor, code: str) -> None:
    author.visit("/")
    author.follow("1 item was sent back to you")
    author.follow(code)
    author.sees(SENT_BACK)
    author.press("Write a new version")
    author.write({"Rationale": "She asks to be heard, and only somebody who has been heard can take in advice."})
    save(author)
    send_to_review(author, [code])


# The form


def seal_form(author: Visitor) -> None:
    """A blueprint that asks too much, the shortage it leads to, and the form that can be sealed."""
    author.visit("/bank/blueprints/new")
    author.write({"Title": "A small Part One", "Theoretical Foundations": "4"})
    author.write({"Reflection": "2", "Direct Service Skills": "1"})
    author.tick("3:")
    author.press("Save the blueprint")
    draft(author, items=7)
    author.sees("The bank cannot fill this blueprint", "Theoretical Foundations: 4 needed, 3 in use")
    author.visit("/bank/blueprints")
    author.follow("A small Part One")
    author.follow("Edit")
    author.write({"Theoretical Foundations": "3"})
    author.press("Save the blueprint")
    draft(author, items=6)
    author.sees("Every check is passed")
    author.follow("See it as a candidate")
    author.sees(*(vignette.story for vignette in texts.VIGNETTES))
    author.page.go_back()
    author.follow("Seal")
    author.press("Seal the form")
    author.sees(f"“{FORM}” is sealed.")


def draft(author: Visitor, items: int) -> None:
    author.visit("/bank/forms/new")
    author.write({"Title": FORM, "Number for the draw": "2027"})
    author.choose({"Blueprint of Part One": f"A small Part One ({items} items)"})
    author.choose({"Exam policy, for Part Two": "Version 2: Written examination"})
    author.press("Draft the form")
