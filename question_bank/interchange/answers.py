"""What choosing or typing an answer gives, in percent: so other programs say what is right, and how it is marked."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from question_bank.errors import sentence as _
from question_bank.interchange.parsed import FULL_MARK, NO_MARK, ParsedItem
from question_bank.item_kinds import MarkingRule
from question_bank.items import ItemKind

# Programs round a third to 33.33333, 33.333 or 33.
NEARLY = Decimal(1)
# In answers to be typed an asterisk stands for anything, unless a backslash stands before it.
WILDCARD = re.compile(r"(?<!\\)\*")


def share_of(count: int) -> Decimal:
    """What each of so many keys gives."""
    return round(FULL_MARK / count, 5).normalize()


def all_of(item: ParsedItem, options: Sequence[tuple[str, bool]]) -> ParsedItem:
    """The item as a choice of all these keys and nothing else."""
    share = share_of(max(1, sum(is_key for _text, is_key in options)))
    weights = [(text, share if is_key else NO_MARK) for text, is_key in options]
    return replace(item, kind=ItemKind.MULTIPLE_RESPONSE, options=weights, marking=MarkingRule.ALL_OR_NOTHING)


def weighted(item: ParsedItem, options: Sequence[tuple[str, Decimal]]) -> ParsedItem:
    """The item as a choice of several with part marks. A label of ours says how it is marked, or the weights do."""
    taken = [weight for _text, weight in options if weight < NO_MARK]
    marking = MarkingRule.PARTIAL_WITH_PENALTY if taken else MarkingRule.PARTIAL
    item = replace(item, kind=ItemKind.MULTIPLE_RESPONSE, options=list(options), marking=marking)
    return item if item.tags.get("marking") else item.changed(*differences(item))


def differences(item: ParsedItem) -> list[str]:
    """What another program marks otherwise than the bank does."""
    keys = [weight for _text, weight in item.options if weight > NO_MARK]
    others = [weight for _text, weight in item.options if weight <= NO_MARK]
    share = share_of(max(1, len(keys)))
    checks = (
        (any(abs(weight - share) > NEARLY for weight in keys),
         _("Its weights were evened out: each key gives the same share of the mark.")),
        (item.marking is MarkingRule.PARTIAL and bool(others),
         _("Whoever chooses more options than there are keys now loses a share for each.")),
        (item.marking is MarkingRule.PARTIAL_WITH_PENALTY and any(abs(weight + share) > NEARLY for weight in others),
         _("Each wrong choice now takes one share of the mark away.")),
    )  # fmt: skip
    return [sentence for differs, sentence in checks if differs]


def typed(item: ParsedItem, answers: Sequence[tuple[str, Decimal]]) -> ParsedItem:
    """The item as one whose answer is typed. What gives less than the whole mark is not accepted."""
    accepted = [(text, fraction) for text, fraction in answers if fraction >= FULL_MARK]
    item = replace(
        item, kind=ItemKind.SHORT_TEXT, options=[(text.replace("\\*", "*"), FULL_MARK) for text, _mark in accepted]
    )
    if any(WILDCARD.search(text) for text, _fraction in accepted):
        return item.refused(_("An accepted answer in it has a wildcard (*). Write out every answer that is accepted."))
    partly = any(NO_MARK < fraction < FULL_MARK for _text, fraction in answers)
    return item.changed(_("Answers that give only part of the mark were left out.")) if partly else item


def with_wildcards_escaped(text: str) -> str:
    return text.replace("*", "\\*")
