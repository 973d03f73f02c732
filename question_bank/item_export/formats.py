"""The formats that items are written in, and what each of them cannot say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from question_bank.errors import sentence as _
from question_bank.framework import Framework
from question_bank.item_export import gift, sheet
from question_bank.item_export.entries import Entry, entry_of
from question_bank.item_export.gift import gift_of
from question_bank.item_export.json_file import json_of
from question_bank.item_export.moodle_xml import moodle_xml_of
from question_bank.item_export.qti import V21, V30, package_of
from question_bank.item_export.sheet import csv_of, workbook_of
from question_bank.item_kinds import MarkingRule, content_of
from question_bank.item_pictures import shown_in
from question_bank.items import ItemKind, ItemVersion
from question_bank.translations import SPANISH, outdated, source_texts


class ExportFormat(StrEnum):
    """The values name the formats in commands and addresses."""

    XLSX = "xlsx"
    CSV = "csv"
    GIFT = "gift"
    MOODLE_XML = "moodle-xml"
    QTI_21 = "qti-2.1"
    QTI_30 = "qti-3.0"
    JSON = "json"

    @property
    def label(self) -> str:
        return LABELS[self][0]

    @property
    def suffix(self) -> str:
        return LABELS[self][1]

    @property
    def media_type(self) -> str:
        return LABELS[self][2]


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LABELS = {
    ExportFormat.XLSX: ("Excel (XLSX)", ".xlsx", XLSX_TYPE),
    ExportFormat.CSV: ("CSV", ".csv", "text/csv"),
    ExportFormat.GIFT: ("GIFT", ".gift", "text/plain"),
    ExportFormat.MOODLE_XML: ("Moodle XML", ".xml", "application/xml"),
    ExportFormat.QTI_21: ("QTI 2.1", "-qti-2.1.zip", "application/zip"),
    ExportFormat.QTI_30: ("QTI 3.0", "-qti-3.0.zip", "application/zip"),
    ExportFormat.JSON: ("JSON", ".json", "application/json"),
}
WRITERS: dict[ExportFormat, Callable[[list[Entry]], bytes]] = {
    ExportFormat.XLSX: workbook_of,
    ExportFormat.CSV: csv_of,
    ExportFormat.GIFT: gift_of,
}
WITH_PICTURES: dict[ExportFormat, Callable[[list[Entry], Mapping[str, bytes]], bytes]] = {
    ExportFormat.MOODLE_XML: moodle_xml_of,
    ExportFormat.QTI_21: lambda entries, pictures: package_of(entries, V21, pictures),
    ExportFormat.QTI_30: lambda entries, pictures: package_of(entries, V30, pictures),
}
# A sheet may be finished by hand, so it takes drafts of which something is missing.
SHEETS = (ExportFormat.XLSX, ExportFormat.CSV)
ONE_TEXT = (ExportFormat.GIFT, ExportFormat.MOODLE_XML)
OTHER_PROGRAMS = (*ONE_TEXT, ExportFormat.QTI_21, ExportFormat.QTI_30)
# Formats in which not every text can stand in every place.
CAN_SAY: dict[ExportFormat, Callable[[Entry], bool]] = {
    ExportFormat.XLSX: sheet.can_say,
    ExportFormat.CSV: sheet.can_say,
    ExportFormat.GIFT: gift.can_say,
}


@dataclass(frozen=True)
class LeftOut:
    unfinished: list[str]  # codes of drafts that the format cannot hold yet
    beyond: list[str]  # codes of items that the format has no way to say
    lost: list[str]  # what it cannot say of the others, in sentences

    @property
    def codes(self) -> set[str]:
        """Every item that is not in the file."""
        return {*self.unfinished, *self.beyond}


@dataclass(frozen=True)
class Export:
    """A file, and what is not in it."""

    data: bytes
    left_out: LeftOut


def export(
    versions: Sequence[ItemVersion],
    framework: Framework,
    format_: ExportFormat,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
    enemies: Mapping[frozenset[str], str] = MappingProxyType({}),
) -> Export:
    """These items in a format, with their keys.

    ``pictures`` are those they show, by digest; ``enemies`` the pairs among them, by code, with the reason.
    """
    left_out = what_is_left_out(versions, framework, format_)
    if format_ is ExportFormat.JSON:
        return Export(json_of(versions, pictures, enemies), left_out)
    entries = [entry_of(version, framework) for version in versions]
    kept = [entry for entry in entries if entry.code not in left_out.codes]
    if format_ in WITH_PICTURES:
        return Export(WITH_PICTURES[format_](kept, pictures), left_out)
    return Export(WRITERS[format_](kept), left_out)


def what_is_left_out(versions: Sequence[ItemVersion], framework: Framework, format_: ExportFormat) -> LeftOut:
    if format_ is ExportFormat.JSON:
        return LeftOut([], [], [])
    entries = [entry_of(version, framework) for version in versions]
    unfinished = [entry.code for entry in entries if format_ not in SHEETS and not entry.is_whole]
    can_say = CAN_SAY.get(format_)
    beyond = [e.code for e in entries if can_say and e.code not in unfinished and not can_say(e)]
    kept = [version for version in versions if version.item.code not in {*unfinished, *beyond}]
    return LeftOut(unfinished, beyond, losses(kept, format_))


def is_outdated(version: ItemVersion) -> bool:
    content = content_of(version.item.kind, version.content)
    spanish = content.translations.get(SPANISH)
    return bool(spanish and outdated(spanish, source_texts(content, version.title)))


def losses(versions: Sequence[ItemVersion], format_: ExportFormat | None) -> list[str]:
    """What a format cannot say of these items, in sentences; None is paper."""
    return [sentence for lost, sentence in (*texts_lost(versions, format_), *marking_lost(versions, format_)) if lost]


Check = tuple[bool, str]


def texts_lost(versions: Sequence[ItemVersion], format_: ExportFormat | None) -> Iterable[Check]:
    essays = [version for version in versions if version.item.kind is ItemKind.ESSAY]
    return (
        (any(v.content.get("rubric", {}).get("dimensions") for v in essays), _("Rubrics are not in it.")),
        (
            format_ not in SHEETS and any(v.content.get("translations") for v in versions),
            _("The Spanish texts are not in it."),
        ),
        (
            format_ in SHEETS and any(map(is_outdated, versions)),
            _("Which Spanish texts are out of date is not in it."),
        ),
        (
            (format_ is None or format_ in ONE_TEXT) and any(v.item.set_code for v in versions),
            _("Which items belong to one vignette set is not in it."),
        ),
        (any(v.notes for v in versions), _("Notes of authors are not in it.")),
        (
            format_ in WRITERS and any(shown_in(v) for v in versions),
            _("Pictures are not in it, only the lines that name and describe them."),
        ),
        (bool(essays) and format_ in ONE_TEXT, _("Vignette and prompt are one text in it.")),
        (
            any("stem" in v.content and v.content.get("stimulus") for v in versions) and format_ in ONE_TEXT,
            _("Vignette and question are one text in it."),
        ),
    )


def marking_lost(versions: Sequence[ItemVersion], format_: ExportFormat | None) -> Iterable[Check]:
    rules = {
        (version.item.kind, version.content.get("marking")) for version in versions if version.content.get("marking")
    }
    return (
        (
            (ItemKind.MULTIPLE_RESPONSE, MarkingRule.PARTIAL) in rules and format_ in OTHER_PROGRAMS,
            _("Whoever chooses all options of an item with part marks gets the whole mark in it."),
        ),
        (
            (ItemKind.MULTIPLE_RESPONSE, MarkingRule.ALL_OR_NOTHING) in rules and format_ in ONE_TEXT,
            _("Items with several keys that are marked all or nothing give part marks in it."),
        ),
        (
            (ItemKind.MATCHING, MarkingRule.ALL_OR_NOTHING) in rules and format_ in ONE_TEXT,
            _("Matching items that are marked all or nothing give part marks in it."),
        ),
    )
