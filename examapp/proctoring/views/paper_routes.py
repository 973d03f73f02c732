"""What the pages about one answer sheet share: whose it is, and how its places are numbered."""

from dataclasses import dataclass
from typing import Any

from flask import abort

from examapp.db import db_session
from examapp.delivery.models import PaperEntry
from examapp.delivery.numbering import Numbering, numbering_of
from examapp.delivery.paper.entries import entries_of
from examapp.delivery.part_content import PartContent, content_of
from examapp.policies import may_type_in_paper
from examapp.proctoring.views.routes import registration_or_404
from examapp.registration.models import Registration
from examapp.security import acting_user
from question_bank.exam_forms import sealed_document

SHEET = "/room/<int:administration_id>/paper/<code>/<part>"


@dataclass(frozen=True)
class AnswerSheet:
    """One part of one candidate on paper."""

    registration: Registration
    part: str
    content: PartContent
    numbering: Numbering

    @property
    def place(self) -> dict[str, Any]:
        """For the addresses of its pages."""
        registration = self.registration
        return {"administration_id": registration.administration_id, "code": registration.code, "part": self.part}

    @property
    def zone(self) -> str:
        return self.registration.administration.time_zone

    @property
    def entries(self) -> list[PaperEntry]:
        return entries_of(db_session(), self.registration, self.part)

    @property
    def values(self) -> dict[str, Any]:
        """For its templates."""
        return {"sheet": self, "registration": self.registration, "administration": self.registration.administration}


def sheet_or_404(administration_id: int, code: str, part: str) -> AnswerSheet:
    registration = registration_or_404(administration_id, code)
    if part not in registration.parts:
        abort(404)
    document = sealed_document(db_session(), registration.administration.form_sha256)
    content = content_of(document, part, registration.level, registration.track)
    if not may_type_in_paper(acting_user(), registration, essays=bool(content.groups)):
        abort(403)
    return AnswerSheet(registration, part, content, numbering_of(registration, content))
