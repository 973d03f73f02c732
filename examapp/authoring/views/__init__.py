"""The pages of the question bank, by noun. Importing a module puts its pages on the blueprint."""

from examapp.authoring.views import (
    blueprints,
    bulk,
    drafts,
    exam_forms,
    exports,
    filters,
    framework,
    framework_changes,
    hints,
    imports,
    item_list,
    items,
    pictures,
    review,
    submissions,
    translations,
    versions,
)
from examapp.authoring.views.routes import bp

__all__ = [
    "blueprints",
    "bp",
    "bulk",
    "drafts",
    "exam_forms",
    "exports",
    "filters",
    "framework",
    "framework_changes",
    "hints",
    "imports",
    "item_list",
    "items",
    "pictures",
    "review",
    "submissions",
    "translations",
    "versions",
]
