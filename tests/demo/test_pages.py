"""Every page that each person of the demonstration can reach: it answers, it is quick to judge, it is accessible."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.routing import RequestRedirect

from examapp.accounts.models import User
from tests.browser import assert_accessible, assert_fits
from tests.personas import Client

EVERYBODY = ("admin", "admin2", "author", "reviewer", "rater", "proctor", "candidate", "candidata", "adela.romero")
# Pages that everybody has are looked at once, as the candidate.
SHARED = ("accounts.", "authoring.framework", "endorsements.requirement", "endorsements.verify", "registration.polic")
MOST_PAGES = 250
# Of a list of like things, one page is as good as another.
SAMPLES_PER_ENDPOINT = 2


class Links(HTMLParser):
    """Collects the addresses a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found.append(address)


def reachable(app: Flask, client: Client) -> Iterator[tuple[str, str]]:
    """(address, endpoint) of every page found by following links from home, a few of each kind."""
    waiting, seen, samples = ["/"], {"/"}, dict[str, int]()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        endpoint = endpoint_of(app, address)
        samples[endpoint] = samples.get(endpoint, 0) + 1
        if samples[endpoint] > SAMPLES_PER_ENDPOINT:
            continue
        response = client.get(address)
        assert response.status_code in (200, 302, 303), f"{address} answered {response.status_code}"
        yield address, endpoint
        if response.status_code == 200 and response.mimetype == "text/html":
            links = Links()
            links.feed(response.text)
            for link in (urlsplit(urljoin(address, link)) for link in links.found):
                found = f"{link.path}?{link.query}" if link.query else link.path
                if not link.netloc and link.scheme in ("", "http") and found not in seen:
                    seen.add(found)
                    waiting.append(found)
        elif response.status_code != 200 and response.location not in seen:
            seen.add(response.location)
            waiting.append(response.location)


def endpoint_of(app: Flask, address: str) -> str:
    try:
        endpoint, _values = app.url_map.bind("localhost").match(urlsplit(address).path)
    except RequestRedirect as redirect:
        return redirect.new_url
    return str(endpoint)


@pytest.mark.parametrize("mailbox", EVERYBODY)
def test_every_link_leads_to_a_page(app: Flask, client: Client, someone: Callable[[str], User], mailbox: str) -> None:
    client.sign_in_as(someone(mailbox))
    pages = dict(reachable(app, client))
    assert len(pages) > 3


@pytest.mark.parametrize("demo_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mailbox", [mailbox for mailbox in EVERYBODY if mailbox not in ("admin2", "candidata")])
def test_every_kind_of_page_is_accessible_and_fits(
    app: Flask,
    client: Client,
    someone: Callable[[str], User],
    page_of: Callable[..., Page],
    mailbox: str,
) -> None:
    user = someone(mailbox)
    client.sign_in_as(user)
    kinds = {endpoint: address for address, endpoint in reachable(app, client)}
    wide, narrow = page_of(user), page_of(user, width=390)
    for endpoint, address in kinds.items():
        if endpoint.startswith(SHARED) and mailbox != "candidate":
            continue
        if endpoint.startswith(("static", "http")) or is_download(client, address):
            continue
        wide.goto(address)
        assert_accessible(wide)
        narrow.goto(address)
        assert_fits(narrow)


def is_download(client: Client, address: str) -> bool:
    response = client.head(address)
    return response.mimetype != "text/html" or "Content-Disposition" in response.headers
