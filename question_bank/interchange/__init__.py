"""Reading questions from files of other programs. Pure: nothing here knows the bank."""

from question_bank.interchange.parsed import FileFormat, ParsedItem, Reading, RowStatus
from question_bank.interchange.reading import read, sheets_of

__all__ = ["FileFormat", "ParsedItem", "Reading", "RowStatus", "read", "sheets_of"]
