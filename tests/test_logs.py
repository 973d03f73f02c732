"""The log of a production server is read by machines."""

import json
import subprocess
import sys

SCRIPT = """
import logging, structlog
from examapp import logs
logs.configure(production=True)
structlog.get_logger("examapp").info("mail sent", recipients=2)
logging.getLogger("waitress").warning("Task queue depth is %d", 3)
password = "hidden-in-the-frame"
try:
    1 / 0
except ZeroDivisionError:
    structlog.get_logger("examapp").exception("unexpected error", path="/x")
"""


def test_every_line_is_one_json_object() -> None:
    result = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    ours, theirs, failure = map(json.loads, result.stderr.splitlines())
    assert (ours["event"], ours["recipients"], ours["level"]) == ("mail sent", 2, "info")
    assert theirs["event"] == "Task queue depth is 3"
    assert theirs["logger"] == "waitress"
    assert failure["exception"][0]["exc_type"] == "ZeroDivisionError"


def test_no_value_of_a_variable_reaches_the_log() -> None:
    result = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert "hidden-in-the-frame" not in result.stderr
