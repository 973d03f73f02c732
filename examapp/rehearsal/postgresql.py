"""A PostgreSQL server of our own, in a folder of its own, that may be stopped the hard way and started again."""

import os
import secrets
import shutil
import socket
import subprocess  # nosec B404 # only our own words are run
from contextlib import suppress
from pathlib import Path

SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100")


def find_postgres() -> Path | None:
    """The folder with initdb and postgres."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def unprivileged(data: Path) -> list[str]:
    """PostgreSQL refuses to run as root: the words that run it as somebody else, who then owns ``data``."""
    if os.geteuid() != 0:
        return []
    shutil.chown(data, "postgres", "postgres")
    data.parent.chmod(0o711)  # so that the other user can reach the data
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def free_port() -> int:
    """A port that nobody listens on, below those that systems hand out by themselves: nobody takes it meanwhile."""
    while True:
        port = secrets.choice(range(10_000, 32_000))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class PostgreSQL:
    """The server in ``folder``/postgresql."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.data = folder / "postgresql"
        self.data.mkdir(mode=0o700)
        self.as_user = unprivileged(self.data)
        self.port = free_port()
        self.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"port={self.port}"))
        self.run("pg_ctl", "start", "-w", "-o", options, "-l", str(self.data / "log"))

    def stop(self) -> None:
        """As after a power cut: nobody is asked, and the next start has to recover."""
        self.run("pg_ctl", "stop", "-m", "immediate")

    def run(self, program: str, *words: str) -> None:
        command = [*self.as_user, str(self.programs / program), "-D", str(self.data), *words]
        subprocess.run(  # noqa: S603  # nosec B603 # our own words only
            command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
