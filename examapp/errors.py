"""The pages a person sees when something is refused or breaks. Never a stack trace."""

from datetime import date

import structlog
from flask import Flask, render_template, request
from flask_babel import format_date, pgettext
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from examapp.translation import RULES
from question_bank.errors import RuleViolation

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    app.jinja_env.filters["sentence"] = sentence_of
    app.register_error_handler(RuleViolation, rule_violation)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)


def sentence_of(violation: RuleViolation) -> str:
    """The rule's sentence in the reader's language, its days, titles and reasons too."""
    sentence: str = _(violation.message, **{name: shown_value(value) for name, value in violation.values.items()})
    return sentence


def shown_value(value: object) -> object:
    if isinstance(value, RuleViolation):
        return sentence_of(value)
    if isinstance(value, date):
        return format_date(value, "long")
    return pgettext(RULES, value) if isinstance(value, str) else value


def rule_violation(violation: RuleViolation) -> tuple[str, int]:
    return page(409, _("This cannot be done now"), sentence_of(violation))


def stale_form(_error: CSRFError) -> tuple[str, int]:
    return page(
        400,
        _("This page had been open too long"),
        _("Nothing was saved. Go back, copy anything you typed, reload the page and try again."),
    )


def http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    title, text = messages().get(code, (error.name, _("Go back and try again, or start from the home page.")))
    return page(code, title, text)


def unexpected(error: Exception) -> tuple[str, int]:
    log.error("unexpected error", path=request.path, method=request.method, exc_info=error)
    title, text = messages()[500]
    return page(500, title, text)


def messages() -> dict[int, tuple[str, str]]:
    return {
        400: (_("This request was not understood"), _("Go back, check what you entered and try again.")),
        403: (_("This page is not for your account"), _("If you think it should be, ask an administrator.")),
        404: (_("Page not found"), _("The address may be mistyped, or what it named is not yours to see.")),
        405: (_("This address does not take that action"), _("Go back and use the buttons of the page.")),
        413: (_("This file or text is too large"), _("Choose a smaller one and try again. Nothing was saved.")),
        429: (_("Too many tries"), _("Wait a minute, then try again.")),
        500: (
            _("Something went wrong on our side"),
            _("It has been written down for the people who run this site. Nothing half-done was saved; try again."),
        ),
    }


def page(code: int, title: str, text: str) -> tuple[str, int]:
    return render_template("error.html", code=code, title=title, text=text), code
