"""Items as files for other programs, for spreadsheets, and for another site of this one."""

from question_bank.item_export.entries import Entry, entry_of
from question_bank.item_export.formats import Export, ExportFormat, export

__all__ = ["Entry", "Export", "ExportFormat", "entry_of", "export"]
