"""Which passwords are refused, and with which advice."""

import pytest
from argon2 import Type

from examapp.accounts.passwords import hash_password, is_right, refuse_weak
from question_bank.errors import RuleViolation
from tests.quick_passwords import STRONG

REFUSED = [
    ("short", "at least 12"),
    ("x" * 129, "at most 128"),
    ("trustno1letmein", "common words or names"),
    ("passwordpassword1", "Repeated"),
    ("qwertyuiop[]asdf", "side by side"),
    ("aaaaaaaaaaaaaaaa", "Repeated"),
    ("marisolvigil2024", "your name or e-mail"),
    ("vigil@example.org", "your name or e-mail"),
]


@pytest.mark.parametrize(("password", "advice"), REFUSED)
def test_a_weak_password_is_refused_with_advice(password: str, advice: str) -> None:
    with pytest.raises(RuleViolation, match=advice):
        refuse_weak(password, name="Marisol Vigil", email="vigil@example.org")


@pytest.mark.parametrize(
    "password",
    ["adobe-lantern-47-juniper", "río seco nube cuaderno", "k9#mQ2!vT7z&Lp", "é" * 2 + "unrelated words pile up" * 4],
)
def test_a_long_password_of_unrelated_words_is_welcome(password: str) -> None:
    refuse_weak(password, name="Marisol Vigil", email="vigil@example.org")


def test_very_short_names_do_not_get_in_the_way() -> None:
    refuse_weak("adobe-lantern-47-juniper", name="Al", email="al@b.c")


def test_a_password_is_kept_as_an_argon2id_hash() -> None:
    kept = hash_password("adobe-lantern-47-juniper")
    assert kept.startswith("$argon2id$")
    assert is_right(kept, "adobe-lantern-47-juniper")
    assert not is_right(kept, "adobe-lantern-47-Juniper")


def test_the_site_hashes_no_weaker_than_owasp_advises() -> None:
    assert STRONG.type is Type.ID
    assert STRONG.memory_cost >= 19 * 1024
    assert STRONG.time_cost >= 2


@pytest.mark.parametrize("kept", [None, "not a hash"])
def test_without_a_hash_no_password_is_right(kept: str | None) -> None:
    assert not is_right(kept, "nobody has this password")
