"""Items as a file to take away: in the formats of other programs, or as PDF to read on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from examapp.authoring.items_document import items_pdf
from question_bank import audit
from question_bank.enemies import enemies_among
from question_bank.errors import sentence as _
from question_bank.framework import Framework, current_framework
from question_bank.item_export import Export, ExportFormat, LeftOut, export, losses, what_is_left_out
from question_bank.item_pictures import shown_in
from question_bank.items import ItemVersion
from question_bank.pictures import picture_files

PDF, PDF_WITH_KEYS = "pdf", "pdf-with-keys"
PDF_LABELS = {PDF: "PDF", PDF_WITH_KEYS: _("PDF with keys")}


@dataclass(frozen=True)
class FileType:
    label: str
    suffix: str
    media_type: str


FORMATS = {
    **{format_.value: FileType(format_.label, format_.suffix, format_.media_type) for format_ in ExportFormat},
    **{name: FileType(label, f"-{name}.pdf", "application/pdf") for name, label in PDF_LABELS.items()},
}


def left_out_of(versions: Sequence[ItemVersion], framework: Framework, name: str) -> LeftOut:
    """What a format, by its name, would not hold of these items."""
    if name in PDF_LABELS:
        return LeftOut([], [], losses(versions, None))
    return what_is_left_out(versions, framework, ExportFormat(name))


def items_file(
    session: Session, versions: Sequence[ItemVersion], name: str, locale: str, *, by: int | None, at: datetime
) -> Export:
    """These items in a format, by its name. The audit trail notes who took them: almost every format holds keys."""
    framework = current_framework(session)
    pictures = picture_files(session, {digest for version in versions for digest in shown_in(version)})
    if name in PDF_LABELS:
        document = items_pdf(versions, framework, locale, with_keys=name == PDF_WITH_KEYS, at=at, pictures=pictures)
        made = Export(document, left_out_of(versions, framework, name))
    else:
        enemies = enemies_among(session, {version.item.code for version in versions})
        made = export(versions, framework, ExportFormat(name), pictures, enemies)
    count = len(versions) - len(made.left_out.codes)
    audit.record(session, "items.exported", "item", FORMATS[name].label, by=by, at=at, count=count)
    return made
