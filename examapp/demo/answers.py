"""Plausible answers of invented candidates: repeatable, because every draw is seeded by the candidate's name."""

import random
from importlib import resources
from math import exp, log

import yaml

from examapp.demo.people import PastCandidate
from question_bank.sealed_documents import ItemKey, SealedItem

# How the same essay differs a little from candidate to candidate.
OPENINGS = (
    "I would begin by slowing myself down.",
    "Before acting I want to take in what this visit shows.",
    "My first thought is about the relationship, not the task.",
    "There is a lot in this situation, so I will take the questions in order.",
    "I have met situations close to this one, and I try not to let that decide for me.",
    "What I notice first is the pull to fix something quickly.",
    "I will answer from the position the task gives me.",
    "Reading this, I felt some urgency, and I want to start from there.",
)


def choose_option(candidate: PastCandidate, item: SealedItem, key: ItemKey) -> str:
    """The option this candidate picks: right with a chance that falls with the item's difficulty; rarely left blank."""
    difficulty = random.Random(item.code).gauss(0, 0.7)  # nosec B311 # invented data, not a secret
    draw = random.Random(f"{candidate.name} {item.code}")  # nosec B311 # as above
    log_odds = log(candidate.ability / (1 - candidate.ability)) - difficulty
    if draw.random() < 1 / (1 + exp(-log_odds)):
        return key.key
    if draw.random() < 0.03:
        return ""
    return draw.choice([option.id for option in item.options if option.id != key.key])


def essay_texts() -> dict[tuple[str, str], str]:
    """The shipped answers by vignette ref and quality."""
    text = (resources.files("examapp.demo") / "bank" / "essay-answers.yaml").read_text(encoding="utf-8")
    return {(entry["ref"], entry["quality"]): entry["text"].strip() for entry in yaml.safe_load(text)}


def essay_answer(candidate: PastCandidate, ref: str, texts: dict[tuple[str, str], str]) -> str:
    """This candidate's essay: the shipped answer of their quality with a first sentence of their own."""
    draw = random.Random(f"{candidate.name} {ref}")  # nosec B311 # as above
    return f"{draw.choice(OPENINGS)} {texts[ref, candidate.essays]}"


def rubric_level(candidate: PastCandidate, ref: str, dimension: str, rater: str) -> int:
    """The level one rater gives: near the quality of the essay, with a little disagreement between raters."""
    truth = random.Random(f"{candidate.name} {ref} {dimension}")  # nosec B311 # as above
    centre = {"strong": (3, 4, 4), "adequate": (2, 3, 3), "weak": (1, 1, 2)}[candidate.essays]
    eye = random.Random(f"{rater} {candidate.name} {ref} {dimension}")  # nosec B311 # as above
    return max(1, min(4, truth.choice(centre) + eye.choice((0, 0, 0, 0, 0, -1, 1))))
