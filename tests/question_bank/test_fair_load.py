"""Proposals of who reviews what: never somebody barred, expertise first, and an even load."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from question_bank.fair_load import OpenReview, Reviewer, propose

PEOPLE = range(1, 6)
AREAS = ("reflection", "advocacy", None)
REVIEWERS = st.lists(
    st.builds(
        Reviewer,
        id=st.sampled_from(PEOPLE),
        areas=st.frozensets(st.sampled_from(("reflection", "advocacy"))),
        load=st.integers(0, 9),
    ),
    unique_by=lambda reviewer: reviewer.id,
)
WANTED = st.lists(
    st.builds(
        OpenReview,
        code=st.integers(1, 99).map("RF-{:04}".format),
        area=st.sampled_from(AREAS),
        barred=st.frozensets(st.sampled_from(PEOPLE)),
    ),
    unique_by=lambda review: review.code,
)


@given(WANTED, REVIEWERS)
def test_nobody_is_proposed_who_is_barred_and_somebody_whenever_there_is_one(
    wanted: list[OpenReview], reviewers: list[Reviewer]
) -> None:
    proposed = propose(wanted, reviewers)
    for review in wanted:
        able = {reviewer.id for reviewer in reviewers} - review.barred
        assert proposed[review.code] in able if able else proposed[review.code] is None


@given(WANTED, REVIEWERS)
def test_who_knows_the_area_comes_first(wanted: list[OpenReview], reviewers: list[Reviewer]) -> None:
    proposed = propose(wanted, reviewers)
    for review in wanted:
        experts = {reviewer.id for reviewer in reviewers if review.area in reviewer.areas} - review.barred
        assert not experts or proposed[review.code] in experts


@given(WANTED, st.integers(1, 5), st.integers(0, 9))
def test_equally_expert_reviewers_get_the_same_or_one_more(wanted: list[OpenReview], people: int, load: int) -> None:
    open_to_all = [OpenReview(review.code, review.area, frozenset()) for review in wanted]
    proposed = propose(open_to_all, [Reviewer(id_, frozenset({"reflection"}), load) for id_ in range(people)])
    given_out = Counter(dict.fromkeys(range(people), 0))
    given_out.update(id_ for id_ in proposed.values() if id_ is not None)
    assert max(given_out.values()) - min(given_out.values()) <= 1


@given(WANTED, REVIEWERS)
def test_the_proposal_does_not_hang_on_any_order(wanted: list[OpenReview], reviewers: list[Reviewer]) -> None:
    assert propose(wanted, reviewers) == propose(wanted[::-1], reviewers[::-1])


def test_who_has_less_to_do_is_asked_first() -> None:
    busy, free = Reviewer(1, frozenset({"reflection"}), 3), Reviewer(2, frozenset({"reflection"}), 1)
    wanted = [OpenReview(f"RF-{number}", "reflection", frozenset()) for number in range(4)]
    assert Counter(propose(wanted, [busy, free]).values()) == {1: 1, 2: 3}


def test_a_review_that_only_one_person_can_do_goes_first() -> None:
    people = [Reviewer(1, frozenset(), 0), Reviewer(2, frozenset(), 0)]
    wanted = [OpenReview("RF-0001", None, frozenset()), OpenReview("RF-0002", None, frozenset({2}))]
    assert propose(wanted, people) == {"RF-0001": 2, "RF-0002": 1}
    assert propose([OpenReview("RF-0003", None, frozenset({1, 2}))], people) == {"RF-0003": None}
