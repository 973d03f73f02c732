"""The browser of the tests: how it starts, signs in, and judges accessibility."""

from axe_playwright_python.sync_playwright import Axe
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Page

from examapp.accounts.models import User
from tests.personas import Client

CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


AXE = Axe().axe_script
# Besides axe's own choice: what WCAG 2.2 asks of the size of targets. What it does not complain of is not reported,
# which takes half of its time.
AXE_OPTIONS = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing to complain about on the page as it is now, once it is whole."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    violations = page.evaluate("options => axe.run(options).then((results) => results.violations)", AXE_OPTIONS)
    assert not violations, "\n".join(
        f"{violation['id']}: {violation['help']}\n" + "\n".join(f"    {node['html']}" for node in violation["nodes"])
        for violation in violations
    )


def assert_fits(page: Page) -> None:
    """Nothing of the page hangs over its right edge."""
    overhang = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overhang <= 0, f"{page.url} is {overhang} px wider than the window"


def sign_in_cookie(client: Client, user: User, address: str) -> SetCookieParam:
    """The cookie of a real sign-in, for a browser's context."""
    client.sign_in_as(user)
    client.db.commit()  # the browser does not come through the client, which commits before each request
    cookie = client.get_cookie("session")
    assert cookie is not None
    return {"name": cookie.key, "value": cookie.value, "url": address, "httpOnly": True, "sameSite": "Lax"}
