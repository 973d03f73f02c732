"""Programs the tests drive that pip does not bring: a browser and a PostgreSQL server.

`python -m tests.system_tools` looks for them; as root where there is apt-get it installs what is missing, elsewhere it
says what to install.
"""

import os
import shutil
import subprocess
import sys

from examapp.rehearsal.postgresql import find_postgres

# The same browser without windows: a test opens a new one in a quarter of the time.
HEADLESS = "chromium-headless-shell"
BROWSERS = (HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The browser, however this system names it; the one without windows where there is one."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def missing_packages() -> list[str]:
    """Debian's names of what the tests cannot do without."""
    found = {HEADLESS: find_chromium(), "postgresql": find_postgres()}
    return [package for package, path in found.items() if path is None]


def main() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        wanted = {*missing_packages(), HEADLESS}
        install(sorted(package for package in wanted if not shutil.which(package)))
    if missing := missing_packages():
        sys.exit(
            f"The tests need {' and '.join(missing)}. On Debian and Ubuntu: sudo apt-get install {' '.join(missing)}"
        )


def install(packages: list[str]) -> None:
    if not packages:
        return
    print(f"Installing {' and '.join(packages)} for the tests (once) …")  # noqa: T201  # a command speaks
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in ("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", *packages):
        subprocess.run(["apt-get", *command], check=False, env=quiet)  # what is missing then is said by main


if __name__ == "__main__":
    main()
