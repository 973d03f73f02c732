"""Pass records as tagged PDF. The data reaches the template as JSON, so a name can never become markup."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from babel.dates import format_date, format_datetime

from examapp.endorsements.models import Outcome
from examapp.reporting.pass_records.rows import PartResult, PassRecord
from examapp.translation import Texts, texts_in
from examapp.typesetting import pdf

PACKAGE = "examapp.reporting.pass_records"


def record_pdf(record: PassRecord, *, locale: str, zone: tzinfo, verify_url: str, at: datetime) -> bytes:
    """One record, for the endorsement file or the candidate."""
    _ = texts_in(locale)
    return pdf(
        PACKAGE,
        "templates/record.typ",
        {
            "lang": locale,
            "association": _("New Mexico Association for Infant Mental Health"),
            "record": {"number": record.number, "reason": record.reason},
            "outcome": outcome_text(_, record.outcome),
            "texts": {
                "title": _("Written-examination record"),
                "outcome": _("Outcome"),
                "parts": _("Results by part"),
                "evidence": _("What this record rests on"),
                "verify": _("To check this record, open %(url)s with its number and code.", url=verify_url),
                "footer": _("Record %(number)s, printed %(day)s", number=record.number, day=day(at, zone, locale)),
            },
            "facts": facts(_, record, locale),
            "part_headers": [_("Part"), _("Score"), _("Percent"), _("Pass line"), _("Result")],
            "parts": [part_row(_, part) for part in record.parts],
            "evidence": evidence(_, record, locale, zone),
        },
    )  # fmt: skip


def facts(_: Texts, record: PassRecord, locale: str) -> list[list[str]]:
    titles = [_.of_rules(title) for title in (record.level_title, record.track_title) if title]
    return [
        [_("Candidate"), record.candidate],
        [_("Record"), record.number],
        [_("Endorsement file"), record.endorsement_file],
        [_("Level"), f"{record.level} – {', '.join(titles)}"],
        [_("Administration"), record.administration],
        [_("Date taken"), format_date(record.sat_on, "long", locale) if record.sat_on else "–"],
    ]


def evidence(_: Texts, record: PassRecord, locale: str, zone: tzinfo) -> list[list[str]]:
    people = _("%(first)s, confirmed by %(second)s", first=record.released_by, second=record.confirmed_by)
    return [
        [_("Exam policy"), _("version %(number)s", number=record.exam_policy_version)],
        [_("Scoring run"), str(record.scoring_run or "–")],
        [_("Exam form"), record.form_sha256[:16] + "…"],
        [_("Verification code"), record.verification_code],
        [_("Released"), format_datetime(record.released_at, "long", zone, locale)],
        [_("Released by"), people],
    ]


def administration_pdf(
    records: Sequence[PassRecord], *, administration: str, locale: str, zone: tzinfo, at: datetime
) -> bytes:
    """Every record of one administration as a list."""
    _ = texts_in(locale)
    passed = sum(record.outcome is Outcome.PASS for record in records)
    return pdf(
        PACKAGE,
        "templates/administration.typ",
        {
            "lang": locale,
            "association": _("New Mexico Association for Infant Mental Health"),
            "administration": administration,
            "summary": _("%(total)s records, %(passed)s passed", total=len(records), passed=passed),
            "texts": {
                "title": _("Pass records"),
                "empty": _("No result of this administration has been released yet."),
                "footer": _("%(title)s, printed %(day)s", title=administration, day=day(at, zone, locale)),
            },
            "headers": [_("Record"), _("Candidate"), _("Level"), _("Date taken"), _("Part One"), _("Part Two"),
                        _("Outcome")],
            "rows": [administration_row(_, record) for record in records],
        },
    )  # fmt: skip


def part_row(_: Texts, part: PartResult) -> list[str]:
    return [
        _.of_rules(part.title),
        _("%(raw)s of %(maximum)s", raw=part.raw, maximum=part.maximum),
        f"{part.percent} %",
        f"{part.cut_percent} %",
        _("passed") if part.passed else _("not passed"),
    ]


def administration_row(_: Texts, record: PassRecord) -> list[str]:
    percents = {part.code: f"{part.percent} %" for part in record.parts}
    return [
        record.number,
        record.candidate,
        str(record.level) + (f", {_.of_rules(record.track_title)}" if record.track_title else ""),
        record.sat_on.isoformat() if record.sat_on else "–",
        percents.get("part_one", "–"),
        percents.get("part_two", "–"),
        outcome_text(_, record.outcome),
    ]


def outcome_text(_: Texts, outcome: Outcome) -> str:
    return {
        Outcome.PASS: _("Passed"),
        Outcome.FAIL: _("Not passed"),
        Outcome.VOID: _("Void"),
        Outcome.NO_SHOW: _("Did not attend"),
    }[outcome]


def day(at: datetime, zone: tzinfo, locale: str) -> str:
    return format_date(at.astimezone(zone).date(), "long", locale)
