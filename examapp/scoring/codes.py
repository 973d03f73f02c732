"""Random codes for what raters see: they say nothing about a person or an order."""

import secrets

# Without the signs that are read for one another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8


def new_code(prefix: str) -> str:
    """Such as E-7K2MQX4D."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
