"""The pages of reporting, by noun. Importing a module puts its pages on the blueprint."""

from examapp.reporting.views import replays, reports
from examapp.reporting.views.routes import bp

__all__ = ["bp", "replays", "reports"]
