"""The pages of registration, by noun. Importing a module puts its pages on the blueprint."""

from examapp.registration.views import accommodations, administrations, policies, registrations, sheets
from examapp.registration.views.routes import bp

__all__ = ["accommodations", "administrations", "bp", "policies", "registrations", "sheets"]
