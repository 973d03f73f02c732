"""The application behind waitress, as `make run` serves it: in a thread, or as a process that a test may kill."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from examapp.rehearsal.postgresql import free_port

ROOT = Path(__file__).parent.parent
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve in a thread on a free port; gives the address."""
    sockets: dict[int, object] = {}
    server = create_server(app, host="127.0.0.1", port=0, map=sockets, threads=8)
    stop = threading.Event()

    def loop() -> None:
        while not stop.is_set():
            wasyncore.loop(timeout=0.05, map=sockets, count=1)
        server.task_dispatcher.shutdown(timeout=2)
        wasyncore.close_all(sockets)

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    stop.set()
    thread.join(timeout=5)


def run_command(*words: str, instance: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a flask command to its end, as an operator would."""
    return subprocess.run(
        [*FLASK, *words], cwd=ROOT, env=settings(instance, environment), capture_output=True, text=True, timeout=60
    )


@contextmanager
def server_process(
    *, instance: Path, port: int | None = None, command: str = "serve", **environment: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own, by ``serve`` on a database that is set up, or by ``start``.

    Gives the process, to signal or kill, and its address.
    """
    port = port or free_port()
    process = subprocess.Popen(
        [*FLASK, command, "--port", str(port)],
        cwd=ROOT, env=settings(instance, environment), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def settings(instance: Path, environment: dict[str, str]) -> dict[str, str]:
    """The machine's environment without any settings of this application, and these instead."""
    foreign = ("EXAMAPP_ENV", "SECRET_KEY", "DATABASE_URL", "PUBLIC_URL", "HOST", "PORT")
    inherited = {name: value for name, value in os.environ.items() if name not in foreign}
    return {**inherited, "INSTANCE_PATH": str(instance), **environment}


def wait_for(address: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120  # a first `start` loads the sample data before it answers
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=5):  # noqa: S310  # our own address
                return
        except URLError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError(f"The server did not answer:\n{process.communicate()[1]}")
