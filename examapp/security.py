"""Who may open what: every view names its right, and a view without one is refused.

The role table is in `policies.py`; this module only carries it out, and sets the security headers.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, Response, abort, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import current_user

from examapp.accounts.models import User
from examapp.extensions import limiter, login_manager
from examapp.policies import Right, has_right

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed in"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "manifest-src 'self'"
)


def public(view: View) -> View:
    """Anyone may open this page."""
    view.access = PUBLIC  # type: ignore[attr-defined]  # a label on the function, read by access_of
    return view


def signed_in(view: View) -> View:
    """Anyone who has signed in may open this page; it shows them only their own."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]  # as above
    return view


def requires(*rights: Right) -> Callable[[View], View]:
    """Only people with one of these rights may open this page."""

    def mark(view: View) -> View:
        view.access = rights  # type: ignore[attr-defined]  # as above
        return view

    return mark


def access_of(endpoint: str | None) -> str | tuple[Right, ...] | None:
    """The access label of an endpoint; None when it has none (and so is refused)."""
    if endpoint == "static":
        return PUBLIC
    view = current_app.view_functions.get(endpoint or "")
    label: str | tuple[Right, ...] | None = getattr(view, "access", None)
    return label


def saves() -> bool:
    """Whether this request is a save. The token it shows is its only authority, and nobody counts how often it comes:
    looking at its cookie and for a rate limit would cost a sixth of it."""
    return (request.method, request.path) == ("POST", "/exam/log")


class Cookies(SecureCookieSessionInterface):
    """The signed cookie of a browser."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return self.session_class() if saves() else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not saves():  # what was not read must not be written over: a save that fails would sign the candidate out
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = Cookies()
    limiter.request_filter(saves)
    app.before_request(refuse_zero_characters)
    app.before_request(guard)
    app.after_request(set_headers)


def refuse_zero_characters() -> None:
    """No browser sends U+0000 and PostgreSQL cannot store it: refused here, so that no page has to think of it."""
    posted = () if request.is_json else request.form.values()
    texts = (request.path, *request.args.values(), *posted)
    if any("\x00" in text for text in texts):
        abort(400)


def guard() -> Response | None:
    if request.endpoint is None:
        return None  # no such page: Flask answers 404 or 405
    access = access_of(request.endpoint)
    if access == PUBLIC:
        return None
    if access is None:
        abort(403)
    if not current_user.is_authenticated:
        response: Response = login_manager.unauthorized()
        return response
    if access != SIGNED_IN and not any(has_right(current_user, right) for right in access if isinstance(right, Right)):
        abort(403)
    return None


def acting_user() -> User:
    """The person at the screen, in a view that only signed-in people reach."""
    user: User = current_user._get_current_object()
    return user


def set_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    if current_app.config["EXAMAPP"].production:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response
