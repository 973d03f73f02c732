"""The order in which one candidate sees the options of a question, where an administration shuffles them.

It follows from the registration and the item alone: the same on every device, and nothing to store.
"""

from collections.abc import Iterable

from question_bank.rule_documents import sha256_of
from question_bank.sealed_documents import SealedItem


def option_orders(registration_code: str, items: Iterable[SealedItem]) -> dict[str, list[str]]:
    """The ids of the options of each item, in the order of this candidate."""
    return {item.code: option_order(registration_code, item) for item in items}


def option_order(registration_code: str, item: SealedItem) -> list[str]:
    ids = [option.id for option in item.options]
    if not item.question.shuffled:
        return ids
    return sorted(ids, key=lambda option: sha256_of(f"{registration_code} {item.code} {option}"))
