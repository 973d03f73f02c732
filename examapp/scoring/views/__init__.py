"""The pages of rating, scoring and results, by noun. Importing a module puts its pages on the blueprint."""

from examapp.scoring.views import (
    administrations,
    conflicts,
    labels,
    late_changes,
    practice,
    ratings,
    readings,
    releases,
    results,
    runs,
)
from examapp.scoring.views.routes import bp
from examapp.scoring.views.waiting import waiting

__all__ = [
    "administrations", "bp", "conflicts", "labels", "late_changes", "practice", "ratings", "readings", "releases",
    "results", "runs", "waiting",
]  # fmt: skip
