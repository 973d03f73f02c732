"""Passwords: hashed with argon2id, and refused when they are easy to guess.

Hashing takes a tenth of a second on purpose. Do it outside a transaction, which would hold up everybody else's writes.
"""

import re
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from question_bank.errors import RuleViolation

SHORTEST, LONGEST = 12, 128
GOOD_SCORE = 3
# zxcvbn takes time that grows with the square of the length; beyond this nothing can be weak.
JUDGED = 72

NOTHING = "(?!)"  # a pattern that matches nowhere

HASHER = PasswordHasher()

WEAKNESSES = {
    "personal": RuleViolation("It contains your name or e-mail address, which are the first things people try."),
    "dictionary": RuleViolation("It is made of common words or names. Put three or four unrelated words together."),
    "spatial": RuleViolation("Keys that lie side by side are easy to guess. Use unrelated words instead."),
    "repeat": RuleViolation("Repeated letters or words are easy to guess. Use unrelated words instead."),
    "sequence": RuleViolation("Sequences such as abc or 6543 are easy to guess. Use unrelated words instead."),
    "date": RuleViolation("Dates and years are easy to guess. Use unrelated words instead."),
    "bruteforce": RuleViolation("It is easy to guess. Make it longer: three or four unrelated words work well."),
}


def hash_password(password: str) -> str:
    return HASHER.hash(password)


@cache
def nobodys_hash() -> str:
    """What an unknown address is checked against, so that the answer takes as long as for a known one."""
    return HASHER.hash("nobody has this password")


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; takes as long when there is no hash to compare with."""
    try:
        HASHER.verify(password_hash or nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def refuse_weak(password: str, *, name: str, email: str) -> None:
    """Raise RuleViolation, with a sentence for beside the field, when the password is short or easy to guess."""
    if len(password) < SHORTEST:
        raise RuleViolation("Use at least %(number)s characters.", number=SHORTEST)
    if len(password) > LONGEST:
        raise RuleViolation("Use at most %(number)s characters.", number=LONGEST)
    personal = personal_words(name, email)
    # What everybody knows of a person counts as one letter each: zxcvbn alone trusts it too much.
    judged = re.sub("|".join(personal) or NOTHING, lambda found: found[0][0], password, flags=re.IGNORECASE)
    judgement = zxcvbn(judged[:JUDGED], user_inputs=personal)
    if judgement["score"] < GOOD_SCORE:
        raise WEAKNESSES["personal" if judged != password else weakest_point(judgement["sequence"])]


def personal_words(name: str, email: str) -> list[str]:
    """The words of a name and an address, longest first."""
    return sorted(
        {word for word in re.split(r"\W+", f"{name} {email}".lower()) if len(word) > 2}, key=len, reverse=True
    )


def weakest_point(matches: list[dict[str, Any]]) -> str:
    """What most of a weak password consists of."""
    longest = max(matches, key=lambda match: len(match["token"]))
    return longest["pattern"] if longest["pattern"] in WEAKNESSES else "bruteforce"
