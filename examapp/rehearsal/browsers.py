"""A simulated candidate at a simulated browser. It follows the exam page's own rules: what has no receipt stays in its
queue, and only a receipt takes it out. The queue survives the browser, as IndexedDB does; nothing else does.
"""

import http.client
import json
import random
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

PATIENCE = 5  # seconds until a request counts as unanswered
PAUSE = (0.05, 0.5)  # seconds between two changes


@dataclass(frozen=True)
class Change:
    """One thing a candidate typed; its value occurs nowhere else."""

    epoch: int
    item: str
    value: str
    # A batch that is sent again is the same to the last byte, or the log would take it for another one.
    client_ms: str = field(default_factory=lambda: str(time.time_ns() // 1_000_000))

    def event(self) -> dict[str, str]:
        return {"kind": "answer", "item": self.item, "value": self.value, "client_ms": self.client_ms}


class Lease(NamedTuple):
    """What the page was given to write with."""

    epoch: int
    token: str
    log: str
    close: str


@dataclass
class Account:
    """What one candidate knows: to be compared with the database."""

    code: str
    part: str
    typed: int = 0
    acknowledged: list[str] = field(default_factory=list)
    handed_in: bool = False
    longest_gap: float = 0
    browsers_closed: int = 0


class SimulatedCandidate(threading.Thread):
    """Writes until told to stop, then sends what is left; ``hands_in`` says whether the part is then handed in."""

    def __init__(self, port: int, code: str, cookie: str, *, items: list[str], part: str, hands_in: bool) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.cookie = cookie
        self.items = items
        self.hands_in = hands_in
        self.account = Account(code, part)
        self.chance = random.Random(code)
        self.queue: list[Change] = []  # the device's memory
        self.finish = threading.Event()
        self.stop = threading.Event()
        self.started = threading.Event()
        self.last_receipt = time.monotonic()
        self.open_browser()

    def open_browser(self) -> None:
        """A new tab: it has a new name and knows nothing."""
        self.connection: http.client.HTTPConnection | None = None
        self.holder = secrets.token_hex(12)
        self.lease: Lease | None = None
        self.head = (0, "")

    # What a candidate does

    def run(self) -> None:
        while not self.stop.is_set() and not (self.lease or self.open_part()):
            time.sleep(0.2)
        self.started.set()
        while not self.finish.is_set():
            self.type_something()
            if self.chance.random() < 0.01:
                self.account.browsers_closed += 1
                self.open_browser()
            self.send()
            time.sleep(self.chance.uniform(*PAUSE))
        while not self.stop.is_set() and self.queue:
            time.sleep(0 if self.send() else 0.2)
        while not self.stop.is_set() and self.hands_in and not self.account.handed_in:
            self.account.handed_in = self.hand_in()

    def type_something(self) -> None:
        value = secrets.token_hex(8)
        self.account.typed += 1
        self.queue.append(Change(self.lease.epoch if self.lease else 0, self.chance.choice(self.items), value))

    # What the exam page does

    def open_part(self) -> bool:
        """Start the part where that has not happened, and take the lease."""
        page = self.ask("GET", f"/exam/{self.account.code}")
        if page and (token := re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)):
            form = urlencode({"csrf_token": token[1].decode(), "accepted": "y"})
            self.ask("POST", f"/exam/{self.account.code}/parts/{self.account.part}/start", form.encode())
        page = self.ask("GET", f"/exam/{self.account.code}/parts/{self.account.part}")
        token = re.search(rb'data-csrf="([^"]+)"', page or b"")
        if not token:
            return False
        wanted = json.dumps({"holder": self.holder, "take_over": True}).encode()
        answer = self.ask(
            "POST", f"/exam/{self.account.code}/parts/{self.account.part}/lease", wanted, token[1].decode()
        )
        if not answer:
            return False
        given = json.loads(answer)
        self.lease = Lease(given["epoch"], given["token"], given["log"], given["close"])
        self.head = (given["seq"], given["chain"])
        self.adopt(given["epoch"], given["answers"])
        return True

    def adopt(self, epoch: int, answers: dict[str, str]) -> None:
        """Changes kept under another lease: the last of each item is typed again unless the server has it."""
        orphans = {change.item: change for change in self.queue if change.epoch != epoch}
        again = [
            Change(epoch, item, change.value) for item, change in orphans.items() if answers.get(item) != change.value
        ]
        self.queue = [change for change in self.queue if change.epoch == epoch] + again

    def send(self) -> bool:
        """Everything in the queue; True when the server answered with a receipt."""
        if not (self.lease or self.open_part()) or self.lease is None:
            return False
        batch = self.queue[:100]
        body = {"after": self.head[0], "chain": self.head[1], "events": [change.event() for change in batch]}
        status, answer = self.exchange(self.lease, self.lease.log, json.dumps(body).encode())
        if status == 409 and answer.get("reason") == "gap":
            self.received(batch[: answer["stored"]], answer)
        elif status == 409:
            self.lease = None
        if status != 200:
            return False
        self.received(batch, answer)
        return True

    def received(self, batch: list[Change], receipt: dict[str, Any]) -> None:
        self.account.acknowledged += [change.value for change in batch]
        self.queue = self.queue[len(batch) :]
        self.head = (receipt["seq"], receipt["chain"])
        self.account.longest_gap = max(self.account.longest_gap, time.monotonic() - self.last_receipt)
        self.last_receipt = time.monotonic()

    def hand_in(self) -> bool:
        if not (self.lease or self.open_part()) or self.lease is None:
            return False
        return self.exchange(self.lease, self.lease.close, b"{}")[0] == 200

    # HTTP

    def exchange(self, lease: Lease, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Post under the lease, which shows its token."""
        status, text = self.request("POST", path, body, {"Authorization": f"Bearer {lease.token}"})
        try:
            answer = json.loads(text)
        except ValueError:
            return 0, {}
        return status, answer if isinstance(answer, dict) else {}

    def ask(self, method: str, path: str, body: bytes | None = None, csrf: str = "") -> bytes | None:
        """The answer's text, or None when there is none."""
        status, text = self.request(method, path, body, {"X-CSRFToken": csrf})
        return text if status in (200, 302) else None

    def request(self, method: str, path: str, body: bytes | None, shown: dict[str, str]) -> tuple[int, bytes]:
        """Status 0 stands for "no answer"."""
        kind = "application/json" if body and body.startswith(b"{") else "application/x-www-form-urlencoded"
        headers = {"Cookie": self.cookie, "Content-Type": kind, **shown}
        try:
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            self.cookie = response.getheader("Set-Cookie", self.cookie).partition(";")[0]
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            if self.connection:
                self.connection.close()
            self.connection = None
            return 0, b""
