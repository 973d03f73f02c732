"""What every page shares: navigation, the reader's language and time zone, and how values are written."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask, current_app, has_request_context, request, session, url_for
from flask_babel import LazyString, get_locale, lazy_gettext, ngettext, pgettext
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from wtforms import Field

from examapp import clock
from examapp.pictures import picture_within
from examapp.policies import Right, has_right
from examapp.rich_text import render_line, render_markdown
from examapp.translation import RULES

VERSION = "1.0.0"
LANGUAGES = {"en": "English", "es": "Español"}

# How Babel writes times for readers in the United States: zone abbreviations, not offsets.
BABEL_LOCALES = {"en": "en_US", "es": "es_US"}
DATETIME_PATTERNS = {"en": "EEE, MMM d, y, h:mm a z", "es": "EEE d 'de' MMM 'de' y, h:mm a z"}
TIME_PATTERN = "h:mm:ss a"
DATE_PATTERNS = {"en": "MMM d, y", "es": "d 'de' MMM 'de' y"}


class NavigationEntry(NamedTuple):
    """A link of the primary navigation; ``right`` None means everybody who has signed in."""

    right: Right | None
    label: LazyString
    endpoint: str


NAVIGATION: tuple[NavigationEntry, ...] = (
    NavigationEntry(None, lazy_gettext("Home"), "admin.home"),
    NavigationEntry(Right.SIT_EXAM, lazy_gettext("My examination"), "delivery.examinations"),
    NavigationEntry(Right.SIT_EXAM, lazy_gettext("My results"), "scoring.my_results"),
    NavigationEntry(Right.SIT_EXAM, lazy_gettext("My endorsement"), "endorsements.my_files"),
    NavigationEntry(Right.SEE_BANK, lazy_gettext("Item bank"), "authoring.items"),
    NavigationEntry(Right.ASSEMBLE_FORMS, lazy_gettext("Exam forms"), "authoring.forms"),
    NavigationEntry(None, lazy_gettext("Competencies"), "authoring.framework"),
    NavigationEntry(Right.MANAGE_EXAMS, lazy_gettext("Administrations"), "registration.administrations"),
    NavigationEntry(Right.RUN_ROOM, lazy_gettext("Exam room"), "proctoring.rooms"),
    NavigationEntry(Right.RATE_ESSAYS, lazy_gettext("Essay rating"), "scoring.my_ratings"),
    NavigationEntry(Right.RELEASE_RESULTS, lazy_gettext("Scoring"), "scoring.administrations"),
    NavigationEntry(Right.KEEP_FILES, lazy_gettext("Endorsement files"), "endorsements.files"),
    NavigationEntry(Right.SEE_REPORTS, lazy_gettext("Reports"), "reporting.reports"),
    NavigationEntry(Right.MANAGE_PEOPLE, lazy_gettext("People"), "admin.people"),
    NavigationEntry(Right.CHANGE_RULES, lazy_gettext("Rules"), "admin.rules"),
    NavigationEntry(Right.SEE_AUDIT, lazy_gettext("Audit trail"), "admin.audit_trail"),
)


def init_app(app: Flask) -> None:
    """Register the filters and the names every template may use."""
    app.jinja_env.filters.update(
        datetime=show_datetime,
        clock_time=show_clock_time,
        date=show_date,
        both_zones=show_both_zones,
        relative=show_relative,
        duration=show_duration,
        exact_duration=show_exact_duration,
        marks=show_marks,
        markdown=render_markdown,
        markdown_line=render_line,
        rule_text=rule_text,
    )
    app.jinja_env.globals.update(
        control_attributes=control_attributes, page_url=page_url, picture_within=picture_within, url_if_any=url_if_any
    )
    app.context_processor(page_context)


def page_context() -> dict[str, Any]:
    return {
        "navigation": visible_navigation,
        "languages": LANGUAGES,
        "locale": str(get_locale()),
        "now": clock.now(),
        "product_version": VERSION,
    }


# Navigation


def visible_navigation() -> list[dict[str, Any]]:
    """The entries whose page exists and is open to the reader; the one being read is marked."""
    if not current_user or not current_user.is_authenticated:
        return []
    entries: list[dict[str, Any]] = [
        {"label": entry.label, "url": url_for(entry.endpoint), "current": False}
        for entry in NAVIGATION
        if entry.endpoint in current_app.view_functions
        and (entry.right is None or has_right(current_user, entry.right))
    ]
    open_page = request.script_root + request.path
    around = [entry for entry in entries if (open_page + "/").startswith(entry["url"].rstrip("/") + "/")]
    if around:
        closest = max(around, key=lambda entry: len(entry["url"]))
        # "/" is around every page, but only itself is home.
        closest["current"] = closest["url"].rstrip("/") != request.script_root or closest["url"] == open_page
    return entries


def url_if_any(endpoint: str, **values: Any) -> str | None:
    """The address of a page, or None in an app without it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def page_url(number: int) -> str:
    """The address being read, filters kept, at another page of its list."""
    values: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=False), "page": number}
    return url_for(request.endpoint or "", **values)


# The reader


def chosen_locale() -> str:
    """The language of the reader: their account's, else the one chosen on this browser, else the browser's own."""
    if not has_request_context():
        return "en"
    if current_user and current_user.is_authenticated and current_user.locale in LANGUAGES:
        locale: str = current_user.locale
        return locale
    if session.get("locale") in LANGUAGES:
        return str(session["locale"])
    return request.accept_languages.best_match(LANGUAGES, "en") or "en"


def chosen_time_zone() -> str:
    """The time zone of the reader: their account's, else the association's."""
    if has_request_context() and current_user and current_user.is_authenticated:
        zone: str = current_user.time_zone
        return zone
    default: str = current_app.config["EXAMAPP"].default_time_zone
    return default


# How values are written


def in_zone(value: datetime, zone: str | None) -> datetime:
    return value.astimezone(ZoneInfo(zone or chosen_time_zone()))


def day_here(moment: datetime) -> date:
    """The day it is for the reader at this moment."""
    return in_zone(moment, None).date()


def show_datetime(value: datetime, zone: str | None = None, *, seconds: bool = False) -> Markup:
    """A moment in the given zone, or the reader's, always with the zone's abbreviation."""
    local = in_zone(value, zone)
    locale = str(get_locale() or "en")
    pattern = DATETIME_PATTERNS[locale].replace("h:mm", "h:mm:ss" if seconds else "h:mm")
    text = format_datetime(local, pattern, tzinfo=local.tzinfo, locale=BABEL_LOCALES[locale])
    return Markup('<time datetime="{}">{}</time>').format(value.astimezone(UTC).isoformat(timespec="seconds"), text)


def show_clock_time(value: datetime, zone: str | None = None) -> Markup:
    """The time of day to the second, for lists whose day and zone are known."""
    local, locale = in_zone(value, zone), str(get_locale() or "en")
    text = format_datetime(local, TIME_PATTERN, tzinfo=local.tzinfo, locale=BABEL_LOCALES[locale])
    exact = value.astimezone(UTC).isoformat(timespec="milliseconds")
    return Markup('<time datetime="{}">{}</time>').format(exact, text)


def show_date(value: date | datetime, zone: str | None = None) -> Markup:
    """A calendar day; a moment becomes the day it falls on for the reader."""
    day = in_zone(value, zone).date() if isinstance(value, datetime) else value
    locale = str(get_locale() or "en")
    text = format_date(day, DATE_PATTERNS[locale], locale=BABEL_LOCALES[locale])
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), text)


def show_both_zones(value: datetime, zone: str) -> Markup:
    """A moment in the exam's zone, and in the reader's too when their clocks differ then."""
    there = show_datetime(value, zone)
    if in_zone(value, zone).utcoffset() == in_zone(value, None).utcoffset():
        return there
    return Markup('{} <span class="other-zone">({} {})</span>').format(there, _("for you:"), show_datetime(value))


def show_relative(value: datetime, now: datetime) -> str:
    """How far away a moment is, as people say it."""
    seconds = (value - now).total_seconds()
    if abs(seconds) < 60:
        return _("now")
    distance = show_duration(abs(seconds))
    return _("in %(distance)s", distance=distance) if seconds > 0 else _("%(distance)s ago", distance=distance)


def show_duration(seconds: float) -> str:
    """A length of time in its two largest units; two days and more in whole days."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return ngettext("%(num)s day", "%(num)s days", hours // 24)
    if hours:
        return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes) if minutes else _("%(n)s h", n=hours)
    if minutes:
        return _("%(n)s min", n=minutes)
    return _("%(n)s s", n=rest)


def show_exact_duration(seconds: int) -> str:
    """A length of time to the second, as a clock shows it: 1:30:00."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def show_marks(value: Decimal | None) -> str:
    """Marks without trailing zeros; a dash where there are none."""
    if value is None:
        return "–"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rule_text(text: str) -> str:
    """What the framework, the requirements or the policy call something: translated where it is as shipped."""
    translated: str = pgettext(RULES, text)
    return translated


# Forms


def control_attributes(field: Field, described_by: list[str], autocomplete: str | None = None) -> dict[str, str]:
    """The attributes that tie a control to its hint and error."""
    attributes = {}
    if described_by:
        attributes["aria-describedby"] = " ".join(described_by)
    if field.errors:
        attributes["aria-invalid"] = "true"
    if autocomplete:
        attributes["autocomplete"] = autocomplete
    return attributes
