"""The site under test: a process of its own that can be killed, its outbox, and its clock."""

import email
import re
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from pathlib import Path

from playwright.sync_api import BrowserContext
from sqlalchemy import update

from examapp.db import Database
from examapp.registration.models import Administration
from examapp.rehearsal.postgresql import free_port
from tests.live_server import run_command, server_process
from tests.whole_line.visitor import Visitor


@dataclass
class Site:
    database: Database
    instance: Path
    new_context: Callable[..., BrowserContext]
    judged: set[object] | None
    stack: ExitStack
    port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        url = self.database.engine.url.render_as_string(hide_password=False)
        return {"DATABASE_URL": url, "PUBLIC_URL": self.address}

    def command(self, *words: str) -> str:
        """Run a flask command; what it printed."""
        result = run_command(*words, instance=self.instance, **self.settings)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def start(self) -> None:
        serving = server_process(instance=self.instance, port=self.port, **self.settings)
        self.process, _address = self.stack.enter_context(serving)

    def kill(self) -> None:
        """As when the power fails: SIGKILL, in the middle of whatever it does. Its log is shown when the test fails."""
        self.process.kill()
        sys.stderr.write(self.process.communicate()[1])

    def visitor(self, name: str, email: str) -> Visitor:
        """Somebody with a browser of their own, not signed in."""
        context = self.new_context(base_url=self.address, viewport={"width": 1280, "height": 900})
        return Visitor(context.new_page(), name, email, self.judged)

    def mail_to(self, recipient: str, subject: str) -> str:
        """The text of the newest such mail. Mail leaves a moment after the answer, so it is waited for."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for path in sorted((self.instance / "outbox").glob("*.eml"), reverse=True):
                message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
                if message["To"] == recipient and subject in message["Subject"]:
                    return str(message.get_content())
            time.sleep(0.05)
        raise AssertionError(f"No mail “{subject}” to {recipient}")

    def address_in(self, mail: str) -> str:
        """The address of this site that a mail names."""
        found = re.search(rf"{re.escape(self.address)}/\S+", mail)
        assert found, mail
        return found[0]

    def end_the_window(self) -> None:
        """Let the administration's hours pass. Nobody can wait for them, so its end is moved to now."""
        with self.database.transaction() as session:
            session.execute(update(Administration).values(closes_at=datetime.now(UTC)))
