"""Items as files for other programs, for spreadsheets, and for another site of this one."""

from question_bank.item_export.entries import Entry, entry_of
from question_bank.item_export.formats import Export, ExportFormat, LeftOut, export, losses, what_is_left_out

__all__ = ["Entry", "Export", "ExportFormat", "LeftOut", "entry_of", "export", "losses", "what_is_left_out"]
