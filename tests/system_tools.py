"""Programs the tests drive that pip does not bring: a browser and a PostgreSQL server.

`python -m tests.system_tools` looks for them; as root where there is apt-get it installs what is missing, elsewhere it
says what to install.
"""

import os
import shutil
import subprocess
import sys

from examapp.rehearsal.postgresql import find_postgres


def find_chromium() -> str | None:
    """The browser, however this system names it."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


def missing_packages() -> list[str]:
    """Debian's names of what is not there."""
    found = {"chromium": find_chromium(), "postgresql": find_postgres()}
    return [package for package, path in found.items() if path is None]


def main() -> None:
    missing = missing_packages()
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"The tests need {' and '.join(missing)}. On Debian and Ubuntu: sudo apt-get install {' '.join(missing)}"
        )
    print(f"Installing {' and '.join(missing)} for the tests (once) …")  # noqa: T201  # a command speaks
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=True, env=quiet)


if __name__ == "__main__":
    main()
