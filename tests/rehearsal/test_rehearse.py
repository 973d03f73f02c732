"""The dress rehearsal: everything fails, and nothing acknowledged is lost or stored twice."""

import json
from pathlib import Path

import pytest

from examapp.rehearsal.browsers import Account
from examapp.rehearsal.chaos import compare
from tests.live_server import run_command


def account(*acknowledged: str) -> Account:
    return Account("R-1", "part_one", acknowledged=list(acknowledged))


def test_an_acknowledged_change_that_is_not_in_the_log_is_lost() -> None:
    assert compare([account("a", "b")], {"R-1": ["a"]}) == (1, 0)
    assert compare([account("a")], {}) == (1, 0)


def test_a_change_that_is_twice_in_the_log_is_doubled() -> None:
    assert compare([account("a")], {"R-1": ["a", "a", "b"]}) == (0, 1)


def test_a_change_stored_whose_receipt_never_arrived_is_neither() -> None:
    assert compare([account("a")], {"R-1": ["a", "b"]}) == (0, 0)


@pytest.mark.parametrize("where", [[], ["--sqlite"]], ids=["postgresql", "sqlite"])
def test_nothing_is_lost_while_servers_database_and_network_fail(where: list[str], tmp_path: Path) -> None:
    words = ["rehearse", "--chaos", "--candidates", "5", "--duration", "6", "--json", *where]
    done = run_command(*words, instance=tmp_path)
    report = json.loads(done.stdout)
    assert done.returncode == 0, report
    assert report["kills"] >= 1
    assert report["acknowledged"] >= 5
    assert (report["lost"], report["doubled"], report["unsent"]) == (0, 0, 0)
    assert (report["broken_chains"], report["wrongly_closed"]) == (0, 0)
