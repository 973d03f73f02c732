"""The blueprint, and what its pages share."""

from flask import Blueprint, g

from examapp.db import db_session
from examapp.endorsements.forms import level_label
from question_bank.framework import Framework, current_framework

bp = Blueprint("endorsements", __name__)


def framework() -> Framework:
    """The newest framework, read once a request."""
    if "framework" not in g:
        g.framework = current_framework(db_session())
    found: Framework = g.framework
    return found


@bp.app_template_global("level_label")
def label_of(level: int, track: str | None = None) -> str:
    """For every template: “Level 4, Clinical”."""
    return level_label(framework(), level, track)
