"""The pages of the question bank, by noun. Importing a module puts its pages on the blueprint."""

from examapp.authoring.views import (
    blueprints,
    exam_forms,
    framework,
    framework_changes,
    imports,
    item_list,
    items,
    review,
    submissions,
    translations,
)
from examapp.authoring.views.routes import bp

__all__ = [
    "blueprints",
    "bp",
    "exam_forms",
    "framework",
    "framework_changes",
    "imports",
    "item_list",
    "items",
    "review",
    "submissions",
    "translations",
]
