"""Home pages and the pages of administration, by noun. Importing a module puts its pages on the blueprint."""

from examapp.admin.views import audit_trail, expertise, home, outbox, people, rules
from examapp.admin.views.routes import bp

__all__ = ["audit_trail", "bp", "expertise", "home", "outbox", "people", "rules"]
