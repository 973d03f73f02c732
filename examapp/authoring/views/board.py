"""The board of the committee: what stands where, for how long, and who is asked; the same as a list."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from examapp.authoring.views.bulk import reviewers
from examapp.authoring.views.item_list import number_asked, text_asked
from examapp.authoring.views.items import names_of
from examapp.authoring.views.review import reviewer_ids
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.paging import paginate_rows
from examapp.policies import Right
from examapp.security import acting_user, requires
from examapp.shell import day_here
from question_bank.assignments import asked_now
from question_bank.board import (
    COLUMNS,
    BoardFilter,
    Card,
    card,
    columns,
    count_columns,
    in_order,
    waiting_for,
)
from question_bank.framework import current_framework
from question_bank.items import ReviewState

AGES = (7, 14, 30)
FILTERS = ("state", "area", "reviewer", "age")


def asked_board(at: datetime) -> BoardFilter:
    """The filter in the address; what makes no sense asks for nothing."""
    age, state = number_asked("age"), request.args.get("state", type=ReviewState)
    return BoardFilter(
        state=state if state in COLUMNS else None,
        area=text_asked("area"),
        reviewer=number_asked("reviewer"),
        before=at - timedelta(days=age) if age in AGES else None,
    )


def asked_column(counts: Mapping[ReviewState, int]) -> ReviewState:
    """The one column that a narrow screen shows: the one in the address, else the first with something in it."""
    named = request.args.get("column", type=ReviewState)
    return named if named in COLUMNS else next((state for state in COLUMNS if counts[state]), COLUMNS[0])


@bp.app_template_global()
def time_in_state(since: datetime, at: datetime) -> str:
    days = (at - since).days
    return ngettext("for %(num)s day", "for %(num)s days", days) if days else _("since today")


@bp.get("/bank/board")
@requires(Right.SEE_BANK)
def board() -> str:
    session, reader, at = db_session(), acting_user().id, now()
    wanted = asked_board(at)
    if request.args.get("view") == "list":
        found = paginate_rows(session, in_order(wanted, reader), request.args.get("page", 1, type=int))
        rows = [card(*row) for row in found.rows]
        return board_page("authoring/board_list.html", wanted, rows, at, found=found, rows=rows)
    counts, shown = count_columns(session, wanted), columns(session, wanted, reader)
    mine = waiting_for(session, wanted, reader)
    cards = [*mine, *(entry for column in shown.values() for entry in column)]
    column = asked_column(counts)
    return board_page("authoring/board.html", wanted, cards, at, counts=counts, columns=shown, mine=mine, column=column)


def board_page(template: str, wanted: BoardFilter, cards: Iterable[Card], at: datetime, **values: object) -> str:
    versions = [entry.version for entry in cards]
    asked = asked_now(db_session(), versions)
    return render_template(
        template,
        wanted=wanted,
        kept={name: request.args[name] for name in FILTERS if request.args.get(name)},
        ages=AGES,
        board_columns=COLUMNS,
        reviewers=reviewers(),
        asked=asked,
        names=names_of([*(version.editor_id for version in versions), *reviewer_ids(asked)]),
        framework=current_framework(db_session()),
        today=day_here(at),
        at=at,
        **values,
    )
