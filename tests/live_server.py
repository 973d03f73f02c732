"""The application behind waitress, as `make run` serves it: in a thread, or as a process that a test may kill."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server


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
