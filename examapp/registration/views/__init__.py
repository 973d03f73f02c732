"""The pages of registration, by noun. Importing a module puts its pages on the blueprint."""

from examapp.registration.views import (
    accommodation_requests,
    accommodations,
    administrations,
    entry_rules,
    own_requests,
    policies,
    practice,
    registrations,
    sheets,
)
from examapp.registration.views.routes import bp

__all__ = [
    "accommodation_requests",
    "accommodations",
    "administrations",
    "bp",
    "entry_rules",
    "own_requests",
    "policies",
    "practice",
    "registrations",
    "sheets",
]
