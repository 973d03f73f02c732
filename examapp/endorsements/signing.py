"""The signature under written-examination records: a compact JWS (Ed25519) over the canonical JSON of the record."""

import base64
import hashlib
import json
import os
from datetime import UTC
from functools import cached_property
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from examapp.config import Config, ConfigurationError
from examapp.endorsements.models import WrittenExaminationRecord
from question_bank.rule_documents import canonical_json

ALGORITHM = "Ed25519"
CODE_LENGTH = 12


class Signer:
    """Signs with the key of this installation and verifies what it has signed."""

    def __init__(self, config: Config) -> None:
        self.path = key_path(config)

    @cached_property
    def key(self) -> OKPKey:
        if not self.path.exists():
            raise ConfigurationError(f"There is no signing key at {self.path}. Make one with: flask setup")
        return OKPKey.import_key(json.loads(self.path.read_text()))

    @property
    def key_id(self) -> str:
        """What the public key is called: its thumbprint (RFC 7638)."""
        return self.key.thumbprint()

    @property
    def public_key(self) -> dict[str, Any]:
        return {**self.key.as_dict(private=False), "kid": self.key_id, "alg": ALGORITHM, "use": "sig"}

    def sign(self, statement: dict[str, Any]) -> str:
        header = {"alg": ALGORITHM, "kid": self.key_id}
        return jws.serialize_compact(header, canonical_json(statement).encode(), self.key, algorithms=[ALGORITHM])

    def verify(self, record: WrittenExaminationRecord) -> bool:
        """Whether the signature is ours and says exactly what the record says now."""
        try:
            signed = jws.deserialize_compact(record.signature, self.key, algorithms=[ALGORITHM])
        except (JoseError, ValueError):
            return False
        return signed.payload == canonical_json(statement_of(record)).encode()


def key_path(config: Config) -> Path:
    return config.instance_path / "keys" / "records.jwk"


def make_key(config: Config) -> Path:
    """Make the signing key when there is none yet, readable by its owner only. Safe to repeat."""
    path = key_path(config)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(descriptor, "w") as file:
        json.dump(OKPKey.generate_key("Ed25519").as_dict(private=True), file)
    return path


def statement_of(record: WrittenExaminationRecord) -> dict[str, Any]:
    """What is signed: every fact of the record, and whose file it belongs to."""
    file = record.file
    return {
        "number": record.number,
        "file": file.number,
        "level": file.level,
        "track": file.track,
        "registration": record.registration_id,
        "outcome": record.outcome.value,
        "parts": record.parts,
        "reason": record.reason,
        "sat_on": record.sat_on.isoformat() if record.sat_on else None,
        "scoring_run": record.scoring_run_id,
        "form_sha256": record.form_sha256,
        "policy": record.policy_id,
        "released_at": record.released_at.astimezone(UTC).isoformat(),
        "released_by": record.released_by_id,
        "confirmed_by": record.confirmed_by_id,
        "replaces": record.replaces.number if record.replaces else None,
    }


def verification_code(record: WrittenExaminationRecord) -> str:
    """What a document prints beside the record's number, such as ABCD-EFGH-JKLM: nobody guesses it."""
    digest = hashlib.sha256(record.signature.encode()).digest()
    code = base64.b32encode(digest).decode()[:CODE_LENGTH]
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def same_code(typed: str, record: WrittenExaminationRecord) -> bool:
    """Whether the typed code is the record's, however it was spaced or cased."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    return letters == verification_code(record).replace("-", "")
