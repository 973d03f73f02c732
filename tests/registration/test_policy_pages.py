"""The pages of the exam policy: everybody reads, administrators change by fields, versions are compared."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.accounts.models import Role, User
from question_bank import exam_policy
from question_bank.exam_policy import Dates, ExamPolicy, FeedbackDetail, default_exam_policy, policy_of
from question_bank.framework import Track, default_framework, save_framework
from question_bank.rule_documents import RuleDocument
from tests.personas import Client, Personas

SHIPPED = default_exam_policy()


@pytest.fixture
def shipped(db: Session, at: datetime) -> RuleDocument:
    return exam_policy.load_default(db, at=at)


def filled(**changed: Any) -> dict[str, Any]:
    """What the page posts when nothing was edited; ``__`` in a name stands for the dash between row and field."""
    values: dict[str, Any] = {
        "based_on": "1",
        "effective_from": "2027-07-01",
        "reason": "Board",
        "title": SHIPPED.title,
    }
    for number, rule in enumerate(SHIPPED.requirements):
        values |= {
            f"requirements-{number}-place": f"{rule.level}/{rule.track or ''}",
            f"requirements-{number}-required": "y",
        }
    for number, part in enumerate(SHIPPED.parts):
        names = ("code", "title", "minutes", "cut_percent", "cut_source")
        values |= {f"parts-{number}-{name}": getattr(part, name) for name in names}
    values["parts-0-item_count"] = 60
    for number, group in enumerate(SHIPPED.slot_groups):
        names = ("code", "title", "slot", "choose", "offered")
        values |= {f"slot_groups-{number}-{name}": getattr(group, name) for name in names}
        values[f"slot_groups-{number}-place"] = f"{group.level}/{group.track or ''}"
    values |= {f"level_marks-{level - 1}": marks for level, marks in SHIPPED.level_marks.items()}
    for name in (
        "raters_per_essay",
        "eligibility_days",
        "retake_wait_days",
        "accommodation_notice_days",
        "retention_years",
    ):
        values[name] = getattr(SHIPPED, name)
    values |= {"dates": SHIPPED.dates.value, "feedback": SHIPPED.feedback.value}
    values |= {"level_difference": 1, "marks_around_cut": 1, "on_pass_fail_disagreement": "y"}
    values |= {"two_level_review_first": "y", "retake_only_failed_part": "y", "confirmed": ["two_level_review_first"]}
    return {k: v for k, v in (values | {n.replace("__", "-"): v for n, v in changed.items()}).items() if v is not None}


def test_in_the_evening_it_is_still_today(
    client: Client, personas: Personas, shipped: RuleDocument, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(datetime(2027, 3, 16, 2, 0, tzinfo=UTC), tick=False)  # 8 in the evening of the 15th in Denver
    client.sign_in_as(personas.administrator(time_zone="America/Denver"))
    assert 'value="2027-03-15"' in client.get("/policies/change").text


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_and_administrators_change(
    client: Client, shipped: RuleDocument, personas: Personas, role: Role
) -> None:
    client.sign_in_as(personas.person(role))
    for path in ("/policies", "/policies/versions", "/policies/versions/1"):
        assert client.get(path).status_code == 200
    assert client.get("/policies/change").status_code == (200 if role == Role.ADMINISTRATOR else 403)


def test_unconfirmed_values_say_so_until_they_are_confirmed(
    client: Client, shipped: RuleDocument, office: User
) -> None:
    client.sign_in_as(office)
    label = "association default, to be confirmed"
    before = client.get("/policies").text.count(label)
    assert before == len(SHIPPED.to_be_confirmed)
    client.post("/policies/change", data=filled(confirmed=["two_level_review_first", "parts", "eligibility_days"]))
    assert client.get("/policies/versions/2").text.count(label) == before - 2


def test_a_change_of_fields_is_a_version_with_a_comparison(
    client: Client, db: Session, shipped: RuleDocument, office: User
) -> None:
    client.sign_in_as(office)
    group = {"title": "Extra vignette", "place": "4/policy", "slot": "supervisory", "choose": "1", "offered": "2"}
    changed = filled(
        parts__0__minutes="100", requirements__0__required=None, slot_groups__5__remove="y", retake_wait_days="90",
        **{f"slot_groups__6__{name}": value for name, value in group.items()},
    )  # fmt: skip
    page = client.post("/policies/change", data=changed, follow_redirects=True).text
    assert "Version 2 of the exam policy is saved." in page
    for text in (
        "Part One: Minutes",
        "Required: Level 3",
        "Extra vignette: To answer",
        "Days to wait after a failed attempt",
    ):
        assert text in page
    policy = policy_of(db.scalars(select(RuleDocument).where(RuleDocument.version == 2)).one())
    assert (policy.parts[0].minutes, policy.required_for(3, None), policy.retake_wait_days) == (100, False, 90)
    assert [group.code for group in policy.slot_groups_for(4, "policy")] == ["l4-policy-program", "added-1"]
    assert policy.to_be_confirmed == SHIPPED.to_be_confirmed


def test_dates_and_feedback_are_changed_and_compared_in_words(
    client: Client, db: Session, shipped: RuleDocument, office: User
) -> None:
    client.sign_in_as(office)
    assert "in a window, which may last several days" in client.get("/policies").text
    page = client.post("/policies/change", data=filled(dates="one_day", feedback="parts"), follow_redirects=True).text
    for text in ("In a window: it may stay open", "On one day: it closes", "The decision, and the score of each part"):
        assert text in page
    policy = policy_of(db.scalars(select(RuleDocument).where(RuleDocument.version == 2)).one())
    assert (policy.dates, policy.feedback) == (Dates.ONE_DAY, FeedbackDetail.PARTS)


def test_a_version_from_before_these_were_asked_for_means_what_was_usual_then() -> None:
    old = SHIPPED.model_dump(exclude={"dates", "feedback"})
    assert ExamPolicy.model_validate(old) == SHIPPED


def test_a_new_track_has_a_row_and_one_that_is_gone_has_none(
    client: Client, db: Session, at: datetime, shipped: RuleDocument, office: User
) -> None:
    framework = default_framework()
    client.sign_in_as(office)
    for track in ("policy", "early-education"):
        tracks = [*framework.tracks[:1], Track(code=track, level=4, title=track.title())]
        changed = framework.model_copy(update={"tracks": tracks})
        save_framework(db, changed, effective_from=at.date(), note="n", by=office.id, at=at)
        rows = client.get("/policies/change").text.partition("Part One")[0]
        assert f'value="4/{track}"' in rows
        assert ('value="4/research_faculty"' in rows, 'value="4/policy"' in rows) == (False, track == "policy")
    changed = framework.model_copy(update={"tracks": [*framework.tracks, tracks[-1]]})
    save_framework(db, changed, effective_from=at.date(), note="n", by=office.id, at=at)
    new = {"requirements__4__place": "4/early-education", "requirements__4__required": "y"}
    client.post("/policies/change", data=filled(**new))
    policy = policy_of(db.scalars(select(RuleDocument).where(RuleDocument.kind == "exam_policy")).all()[-1])
    assert policy.required_for(4, "early-education")


def test_what_is_not_edited_stays_as_it_is(client: Client, db: Session, shipped: RuleDocument, office: User) -> None:
    client.sign_in_as(office)
    client.post("/policies/change", data=filled(retention_years="8"))
    policy = policy_of(db.scalars(select(RuleDocument).where(RuleDocument.version == 2)).one())
    assert policy == SHIPPED.model_copy(update={"retention_years": 8})


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"effective_from": "2025-01-01"}, "Nothing differs"),
        ({"reason": ""}, "Write down why the rules change"),
        ({"effective_from": ""}, "Give the day from which"),
        ({"parts__0__minutes": "0"}, "Enter a whole number from 1 to 600"),
        ({"parts__0__minutes": "ninety"}, "Not a valid integer"),
        ({"parts__1__cut_percent": "101"}, "between 0 and 100"),
        ({"parts__0__cut_source": ""}, "Say where the cut score comes from"),
        ({"slot_groups__0__choose": "4"}, "4 to answer of 3 offered cannot be"),
        ({"slot_groups__0__choose": ""}, "valid integer"),
        ({"level_marks__2": "1"}, "must be worth more marks than the one below"),
        ({"level_marks__2": ""}, "Enter the marks"),
        ({"parts__1__code": "part_one"}, "used twice"),
        ({"dates": "whenever"}, "Not a valid choice"),
        ({"feedback": None}, "Choose one."),
        ({"based_on": "0"}, "while you had this page open"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_with_the_form_filled(
    client: Client, db: Session, shipped: RuleDocument, office: User, changed: dict[str, Any], sentence: str
) -> None:
    client.sign_in_as(office)
    page = client.post("/policies/change", data=filled(**changed))
    assert page.status_code == 422
    assert sentence in page.text
    assert "Supervisory vignette" in page.text
    assert db.scalars(select(RuleDocument.version).where(RuleDocument.kind == "exam_policy")).all() == [1]


@pytest.mark.parametrize("path", ["/policies/versions/0", "/policies/versions/2", "/policies/versions/x"])
def test_unknown_versions_are_not_found(client: Client, shipped: RuleDocument, office: User, path: str) -> None:
    client.sign_in_as(office)
    assert client.get(path).status_code == 404


def test_a_site_without_a_policy_says_so(client: Client, office: User) -> None:
    client.sign_in_as(office)
    assert "No exam policy is in force yet" in client.get("/policies").text
    assert client.get("/policies/change").status_code == 404
