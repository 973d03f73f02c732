"""What every page shares."""

from flask import Flask


def init_app(app: Flask) -> None:
    pass


def chosen_locale() -> str:
    return "en"


def chosen_time_zone() -> str:
    return "America/Denver"
