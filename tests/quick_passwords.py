"""Hashing in a millisecond, for all tests but the one that is about the strength of the real hashing."""

from argon2 import PasswordHasher

from examapp.accounts import passwords

STRONG = passwords.HASHER


def use_quick_hashing() -> None:
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
