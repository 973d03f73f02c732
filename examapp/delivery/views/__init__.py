"""The candidate's pages, by noun. Importing a module puts its pages on the blueprint."""

from examapp.delivery.views import entry, examinations, hand_in, parts, pictures, practice, waiting_room, writing
from examapp.delivery.views.examinations import waiting
from examapp.delivery.views.routes import bp

__all__ = [
    "bp", "entry", "examinations", "hand_in", "parts", "pictures", "practice", "waiting", "waiting_room",
    "writing",
]  # fmt: skip
