"""Items as a sheet that the import reads again: the same columns, one multiple-choice item a row."""

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter

from question_bank.framework import Framework
from question_bank.item_kinds import OPTION_IDS, SingleBestAnswer
from question_bank.items import ItemVersion

COLUMNS = (
    "code", "question", *OPTION_IDS, "answer", "area", "term", "level", "track", "responsibility code", "competency",
    "cognitive level", "rationale", "reference",
)  # fmt: skip
WIDE = 60


def workbook_of(versions: Iterable[ItemVersion], framework: Framework) -> bytes:
    """An Excel workbook of these multiple-choice items. No cell is read as a formula or an address."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet, bold, wrapped = book.add_worksheet("Items"), book.add_format({"bold": True}), book.add_format()
        wrapped.set_text_wrap()
        sheet.write_row(0, 0, COLUMNS, bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, 1, WIDE, wrapped)
        for number, version in enumerate(versions, start=1):
            sheet.write_row(number, 0, row_of(version, framework))
    return buffer.getvalue()


def row_of(version: ItemVersion, framework: Framework) -> list[str]:
    content = SingleBestAnswer.model_validate(version.content)
    options = {option.id: option.text for option in content.options}
    area = version.area or ""
    return [
        version.item.code,
        content.stem,
        *(options.get(letter, "") for letter in OPTION_IDS),
        content.key,
        framework.area_title(area),
        "; ".join(framework.term_label(area, term) for term in version.terms),
        ", ".join(map(str, version.levels)),
        ", ".join(framework.track_title(track) or track for track in version.tracks),
        ", ".join(version.responsibility_codes),
        version.competency or "",
        version.cognitive_level.value if version.cognitive_level else "",
        version.rationale,
        version.reference,
    ]
