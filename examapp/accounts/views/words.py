"""How pages write what only accounts know: roles and browsers."""

from collections.abc import Collection

from flask_babel import gettext as _

from examapp.accounts.forms import ROLE_NAMES
from examapp.accounts.models import Role
from examapp.accounts.views.routes import bp
from examapp.time_zones import zone_name

# What a browser calls itself, the more special first: every Edge claims to be a Chrome, and every Chrome a Safari.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip

bp.add_app_template_filter(zone_name)


@bp.app_template_filter("role_names")
def role_names(roles: Collection[Role]) -> str:
    return ", ".join(str(name) for role, name in ROLE_NAMES.items() if role in roles)


@bp.app_template_filter("browser_name")
def browser_name(user_agent: str) -> str:
    """A browser as its owner knows it: “Firefox on Windows”."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), _("A browser"))
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    return _("%(browser)s on %(system)s", browser=browser, system=system) if system else browser
