"""What every page shares: who sees which links, in which language, and how moments and numbers are written."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask, g, session
from flask_babel import Babel, lazy_gettext
from flask_login import LoginManager

from examapp import shell
from examapp.accounts.models import Role, User, UserRole
from examapp.policies import Right
from examapp.shell import NavigationEntry

NOON = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # 9:00 in Denver, 11:00 in New York
Reading = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Reading:
    """``with reading("/items/7", user):`` the code inside runs while that person reads that page."""
    app = Flask("shell")
    app.config.update(SECRET_KEY="for tests", EXAMAPP=SimpleNamespace(default_time_zone="America/Denver"))
    Babel(app, locale_selector=shell.chosen_locale, timezone_selector=shell.chosen_time_zone)
    LoginManager(app).request_loader(lambda _request: None)
    for endpoint, rule in (("home", "/"), ("items", "/items"), ("item", "/items/<ref>"), ("people", "/people")):
        app.add_url_rule(rule, endpoint, lambda **_: "")
    shown = (
        NavigationEntry(None, lazy_gettext("Home"), "home"),
        NavigationEntry(Right.SEE_BANK, lazy_gettext("Item bank"), "items"),
        NavigationEntry(Right.MANAGE_PEOPLE, lazy_gettext("People"), "people"),
        NavigationEntry(None, lazy_gettext("Not built"), "not.built"),
    )
    monkeypatch.setattr(shell, "NAVIGATION", shown)

    @contextmanager
    def read(path: str = "/", user: User | None = None, **request: str) -> Iterator[None]:
        headers = {"Accept-Language": request.get("accept", "en")}
        with app.test_request_context(path, headers=headers):
            if user:
                g._login_user = user
            yield

    return read


def person(*roles: Role, **values: str) -> User:
    defaults = {"locale": "en", "time_zone": "America/Denver"}
    return User(id=1, role_rows=[UserRole(role=role) for role in roles], **{**defaults, **values})


# Navigation


def test_people_see_only_pages_that_exist_and_that_they_may_open(reading: Reading) -> None:
    with reading("/", person(Role.AUTHOR)):
        assert [str(entry["label"]) for entry in shell.visible_navigation()] == ["Home", "Item bank"]


def test_a_visitor_sees_no_navigation(reading: Reading) -> None:
    with reading("/"):
        assert shell.visible_navigation() == []


def test_somebody_deactivated_loses_the_pages_of_their_role(reading: Reading) -> None:
    gone = person(Role.AUTHOR)
    gone.deactivated_at = NOON
    with reading("/", gone):
        assert "Item bank" not in [str(entry["label"]) for entry in shell.visible_navigation()]


@pytest.mark.parametrize(
    ("path", "marked"),
    [("/", ["Home"]), ("/items", ["Item bank"]), ("/items/TF-01", ["Item bank"]), ("/itemsets", []), ("/people", [])],
)
def test_the_part_of_the_site_being_read_is_marked(reading: Reading, path: str, marked: list[str]) -> None:
    with reading(path, person(Role.AUTHOR)):
        assert [str(entry["label"]) for entry in shell.visible_navigation() if entry["current"]] == marked


def test_another_page_of_a_list_keeps_its_filters(reading: Reading) -> None:
    with reading("/items?area=reflection&area=thinking&page=2", person(Role.AUTHOR)):
        assert shell.page_url(3) == "/items?area=reflection&area=thinking&page=3"


# The reader


def test_the_account_decides_the_language_before_the_browser(reading: Reading) -> None:
    with reading("/", person(locale="es"), accept="en"):
        assert shell.chosen_locale() == "es"


def test_a_visitor_gets_the_language_chosen_here_else_the_browsers(reading: Reading) -> None:
    with reading("/", accept="es-MX,es;q=0.9,en;q=0.5"):
        assert shell.chosen_locale() == "es"
        session["locale"] = "en"
        assert shell.chosen_locale() == "en"
    with reading("/", accept="fr"):
        assert shell.chosen_locale() == "en"


def test_the_clock_of_the_account_is_used_else_the_associations(reading: Reading) -> None:
    with reading("/", person(time_zone="America/New_York")):
        assert shell.chosen_time_zone() == "America/New_York"
    with reading("/"):
        assert shell.chosen_time_zone() == "America/Denver"


# How values are written


@pytest.mark.parametrize(
    ("locale", "text"),
    [("en", "Sun, Nov 22, 2026, 9:00 AM MST"), ("es", "dom 22 de nov de 2026, 9:00 a.m. MST")],
)
def test_a_moment_names_its_zone(reading: Reading, locale: str, text: str) -> None:
    with reading("/", person(locale=locale)):
        assert shell.show_datetime(NOON) == f'<time datetime="2026-11-22T16:00:00+00:00">{text}</time>'


def test_summer_time_is_named_as_such(reading: Reading) -> None:
    with reading("/"):
        assert "10:00 AM MDT" in shell.show_datetime(datetime(2026, 7, 1, 16, 0, tzinfo=UTC))


def test_the_exams_zone_and_the_readers_stand_together_only_when_they_differ(reading: Reading) -> None:
    with reading("/", person(time_zone="America/New_York")):
        both = shell.show_both_zones(NOON, "America/Denver")
        assert "9:00 AM MST" in both
        assert "11:00 AM EST" in both
    with reading("/", person(time_zone="America/Phoenix")):  # the same clock in winter
        assert "for you" not in shell.show_both_zones(NOON, "America/Denver")


def test_the_day_of_a_moment_is_the_readers_day(reading: Reading) -> None:
    with reading("/"):
        assert ">Nov 21, 2026<" in shell.show_date(datetime(2026, 11, 22, 3, 0, tzinfo=UTC))
        assert shell.show_date(date(2026, 11, 22)) == '<time datetime="2026-11-22">Nov 22, 2026</time>'


@pytest.mark.parametrize(
    ("distance", "text"),
    [
        (timedelta(hours=3, minutes=12), "in 3 h 12 min"),
        (timedelta(minutes=-5), "5 min ago"),
        (timedelta(seconds=20), "now"),
        (timedelta(hours=2), "in 2 h"),
        (timedelta(days=9, hours=3), "in 9 days"),
    ],
)
def test_how_far_away_a_moment_is(reading: Reading, distance: timedelta, text: str) -> None:
    with reading("/"):
        assert shell.show_relative(NOON + distance, NOON) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 s"), (59, "59 s"), (5400, "1 h 30 min"), (172_800, "2 days")])
def test_a_length_of_time(reading: Reading, seconds: int, text: str) -> None:
    with reading("/"):
        assert shell.show_duration(seconds) == text


@pytest.mark.parametrize(
    ("marks", "text"),
    [(Decimal("48.00"), "48"), (Decimal("2.50"), "2.5"), (Decimal(100), "100"), (Decimal("0.000"), "0"), (None, "–")],
)
def test_marks_have_no_trailing_zeros(marks: Decimal | None, text: str) -> None:
    assert shell.show_marks(marks) == text
