"""Somebody at a browser of their own, who judges every page they come to."""

import re

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.browser import assert_accessible

# The browser also complains of a form that was not accepted, and of a server that is dead: no faults of a page.
NO_FAULT = re.compile(
    r"status of (409|422)|net::ERR_(CONNECTION_|EMPTY_RESPONSE|SOCKET_)|htmx:(afterRequest|sendError)"
)
ELEMENTS = "[...document.body.querySelectorAll('*')].map(e => `${e.tagName} ${e.getAttribute('class')}`)"
PATIENCE = 20_000  # milliseconds that a control may take to appear


class Visitor:
    """Words on the page are the only handles: what a person cannot find, the test cannot find either."""

    def __init__(self, page: Page, name: str, email: str, judged: set[object] | None) -> None:
        self.page, self.name, self.email = page, name, email
        self.judged = judged  # kinds of pages that axe has seen, shared by everybody; None where nobody asks axe
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def hear(self, message: ConsoleMessage) -> None:
        """The browser's console: errors of scripts, and whatever the content security policy forbade."""
        if message.type == "error" and not NO_FAULT.search(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def judge(self) -> None:
        """No complaint so far, and axe agrees with the page; pages of one kind with equal elements are judged once."""
        assert not self.complaints, self.complaints
        if self.judged is None:
            return
        # Numbers and codes in an address name one page of a kind.
        kind = re.sub(r"[^/]*[\dA-Z][^/]*", "…", self.page.url.partition("?")[0])
        elements = frozenset(self.page.evaluate(ELEMENTS))
        if (kind, elements) not in self.judged:
            assert_accessible(self.page)
            self.judged.add((kind, elements))

    # Going somewhere

    def visit(self, address: str) -> None:
        self.page.goto(address)
        self.judge()

    def follow(self, link: str) -> None:
        self.go(self.page.get_by_role("link", name=link, exact=True).first)

    def press(self, button: str, until: str = "") -> None:
        """Press a button that leads to a page; it is there when it says this."""
        self.go(self.page.get_by_role("button", name=button, exact=True), until)

    def go(self, control: Locator, until: str = "") -> None:
        with self.page.expect_navigation():
            control.click()
        self.sees(until)
        self.judge()

    def save_as(self, link: str) -> bytes:
        """What a link downloads."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=link, exact=True).click()
        return download.value.path().read_bytes()

    # Filling in

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def field(self, label: str, within: Locator | None = None) -> Locator:
        return (within or self.main).get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$"))

    def write(self, values: dict[str, str], within: Locator | None = None) -> None:
        """Fill fields by their labels."""
        for label, text in values.items():
            self.field(label, within).fill(text)

    def choose(self, values: dict[str, str]) -> None:
        """Choose from lists by their labels."""
        for label, option in values.items():
            self.field(label).select_option(label=option)

    def tick(self, *labels: str, within: Locator | None = None) -> None:
        """Choose radio buttons and checkboxes by how their labels begin."""
        for label in labels:
            beginning = re.compile(rf"^\s*{re.escape(label)}")
            (within or self.main).locator("label").filter(has_text=beginning).first.click()

    # Looking

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def text(self) -> str:
        return self.page.locator("body").inner_text()
