"""The pages of the room, by noun. Importing a module puts its pages on the blueprint."""

from examapp.proctoring.views import (
    admissions,
    clock,
    closing,
    entry,
    incidents,
    ledger,
    messages,
    paper_comparison,
    paper_entries,
    paper_printing,
    rooms,
    stops,
    window,
)
from examapp.proctoring.views.routes import bp
from examapp.proctoring.views.waiting import waiting

__all__ = [
    "admissions",
    "bp",
    "clock",
    "closing",
    "entry",
    "incidents",
    "ledger",
    "messages",
    "paper_comparison",
    "paper_entries",
    "paper_printing",
    "rooms",
    "stops",
    "waiting",
    "window",
]
