"""Collecting the essays of an administration for its raters: the text leaves the person behind."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.registration.models import Administration, Registration
from examapp.scoring.attempts import Prompt, attempts_of, one_at_a_time, refuse_unfinished
from examapp.scoring.codes import new_code
from examapp.scoring.late_decisions import refuse_undecided
from examapp.scoring.models import EssayResponse, EssayResponseSource
from question_bank import audit


def collect(session: Session, administration: Administration, *, by: int, at: datetime) -> int:
    """Make an essay response of every written prompt that counts; returns how many are new. Safe to repeat."""
    one_at_a_time(session, administration)
    refuse_unfinished(session, administration, at=at)
    refuse_undecided(session, administration)
    essays = {new_code("E"): found for found in essays_to_collect(session, [administration], at=at)}
    # Written in the order of their random codes, so that row numbers say nothing about candidates.
    for code, (registration, prompt) in sorted(essays.items()):
        response = EssayResponse(
            code=code,
            administration_id=administration.id,
            form_sha256=administration.form_sha256,
            item=prompt.item,
            text=prompt.text,
            word_count=len(prompt.text.split()),
            collected_at=at,
        )
        session.add(response)
        session.flush()
        session.add(
            EssayResponseSource(essay_response_id=response.id, registration_id=registration.id, item=prompt.item)
        )
    audit.record(session, "essays.collected", "administration", administration.id, by=by, at=at, essays=len(essays))
    session.flush()
    return len(essays)


def essays_to_collect(
    session: Session, administrations: Collection[Administration], *, at: datetime
) -> list[tuple[Registration, Prompt]]:
    """The written prompts that count and are not collected yet, each with its registration."""
    collected = collected_prompts(session, administrations)
    return [
        (attempt.registration, prompt)
        for attempt in attempts_of(session, administrations, as_of=at, essays_only=True)
        if attempt.registration.voided_at is None
        for part in attempt.essay_parts
        for prompt in attempt.prompts(part)
        if prompt.missing is None and (attempt.registration.id, prompt.item) not in collected
    ]


def collected_prompts(session: Session, administrations: Collection[Administration]) -> set[tuple[int, str]]:
    """Registration and item of every essay collected so far."""
    rows = session.execute(
        select(EssayResponseSource.registration_id, EssayResponseSource.item)
        .join(EssayResponse, EssayResponse.id == EssayResponseSource.essay_response_id)
        .where(EssayResponse.administration_id.in_([administration.id for administration in administrations]))
    )
    return {(registration_id, item) for registration_id, item in rows}
