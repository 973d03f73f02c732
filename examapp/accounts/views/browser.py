"""The browser's side of a sign-in: the cookie, who it stands for, and what follows when a request is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import structlog
from flask import current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Request, Response

from examapp.accounts import sign_in
from examapp.accounts.models import SignIn, User
from examapp.accounts.outbox import MAIL_WRITTEN, deliver_pending
from examapp.accounts.views.routes import bp
from examapp.clock import now
from examapp.config import Config
from examapp.db import Database, close_session, db_session, get_database
from examapp.extensions import login_manager

log = structlog.get_logger()

TOKEN = "sign_in"  # nosec B105 # the name under which the cookie keeps its token
MAIL_THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def remember(user: User, at: datetime) -> None:
    """Sign this browser in. The language chosen on it stays."""
    token = sign_in.start(
        db_session(), user, address=request.remote_addr or "", browser=request.user_agent.string, at=at
    )
    forget()
    session[TOKEN] = token


def forget() -> None:
    """Empty the cookie, but for the language and the token of open pages: what is typed there can still be posted."""
    kept = {name: session[name] for name in ("locale", "csrf_token") if name in session}
    session.clear()
    session.update(kept)


def person_of(_request: Request) -> User | None:
    """Whom the cookie stands for; nobody when its sign-in has ended or the account is closed."""
    token = session.get(TOKEN)
    row = sign_in.find_open(db_session(), token, now()) if token else None
    if row is None:
        return None
    if not row.user.is_active:
        return None
    g.sign_in, g.last_seen = row, (row.id, row.last_seen_at)
    return row.user


def this_sign_in() -> SignIn:
    """The sign-in of this browser, on pages for people who have signed in."""
    row: SignIn = g.sign_in
    return row


def ask_to_sign_in() -> Response:
    """Send a visitor to the sign-in page, and afterwards to the page that was asked for."""
    if TOKEN in session:
        forget()
        flash(_("You are signed out. Sign in again to go on where you were."), "info")
    wanted = request.script_root + request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for("accounts.sign_in", next=wanted)
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address)


login_manager.request_loader(person_of)
login_manager.unauthorized_handler(ask_to_sign_in)


def local_path(target: str | None) -> str | None:
    """The target if it is a path of this site; None for anything that a browser could read as another site."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) <= ord(" ") for character in target):
        return None
    return target


@bp.teardown_app_request
def follow_up(_error: BaseException | None = None) -> None:
    """When the transaction of a request is over: note that its person was here, and let its mail go."""
    moment = now()
    sign_in_id, last_seen = g.pop("last_seen", (None, moment))
    unseen = moment - last_seen >= sign_in.SEEN_EVERY
    wrote_mail = "db_session" in g and MAIL_WRITTEN in g.db_session.info
    if unseen or wrote_mail:
        close_session()
    if unseen:
        note_seen(get_database(), sign_in_id, moment)
    if wrote_mail:
        deliver_soon()


def note_seen(database: Database, sign_in_id: int, at: datetime) -> None:
    try:
        with database.transaction() as writing:
            sign_in.note_seen(writing, sign_in_id, at=at)
    except SQLAlchemyError:  # the answer matters more than this note, which the next request repeats
        log.warning("last use of a sign-in not noted", sign_in=sign_in_id)


def deliver_soon() -> None:
    """Deliver in a thread of its own, so that no answer waits for a mail server."""
    database, config = get_database(), current_app.config["EXAMAPP"]
    if config.testing:
        deliver_pending(database, config, now)
    else:
        MAIL_THREAD.submit(deliver_quietly, database, config)


def deliver_quietly(database: Database, config: Config) -> None:
    try:
        deliver_pending(database, config, now)
    except Exception:
        log.exception("mail delivery broke off")
