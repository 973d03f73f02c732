"""The pages of endorsements, by noun. Importing a module puts its pages on the blueprint."""

from examapp.endorsements.views import files, requirements, verification
from examapp.endorsements.views.routes import bp

__all__ = ["bp", "files", "requirements", "verification"]
