"""Pass records as JSON for other systems. `pass-record.schema.json`, beside this file, documents every field."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from importlib import resources
from typing import Any

from examapp.reporting.pass_records.rows import PassRecord

SCHEMA_NAME = "pass-record.schema.json"


def as_document(records: Sequence[PassRecord], *, generated_at: datetime) -> dict[str, Any]:
    return {
        "format": "examapp pass records",
        "format_version": 1,
        "generated_at": generated_at.isoformat(timespec="seconds"),
        "records": [plain(record) for record in records],
    }


def plain(record: PassRecord) -> dict[str, Any]:
    """The record with dates and times as ISO text; times are UTC."""
    content = asdict(record)
    content["outcome"] = record.outcome.value
    content["sat_on"] = record.sat_on.isoformat() if record.sat_on else None
    content["released_at"] = record.released_at.isoformat(timespec="seconds")
    return content


def as_json(records: Sequence[PassRecord], *, generated_at: datetime) -> bytes:
    return json.dumps(as_document(records, generated_at=generated_at), ensure_ascii=False, indent=2).encode()


def schema() -> dict[str, Any]:
    text = (resources.files("examapp.reporting.pass_records") / SCHEMA_NAME).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document
