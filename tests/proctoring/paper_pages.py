"""The addresses of the pages of paper, and what is posted to them."""

import io

from pypdf import PdfReader
from werkzeug.test import TestResponse

from examapp.registration.models import Registration
from question_bank.exam_policy import PART_ONE
from tests.personas import Client

TIMES = {"started_at": "2027-03-15T10:00", "ended_at": "2027-03-15T11:00", "deed": "finish"}
COPY = {"size": "normal", "language": "en"}


def printing(sitting: Registration) -> str:
    return f"/administrations/{sitting.administration_id}/paper"


def address(sitting: Registration, part: str = PART_ONE, rest: str = "") -> str:
    return f"/room/{sitting.administration_id}/paper/{sitting.code}/{part}{rest}"


def copy(client: Client, sitting: Registration, part: str = PART_ONE, **values: str) -> TestResponse:
    return client.post(printing(sitting), data=COPY | {"whom": sitting.code, "part": part} | values)


def words(response: TestResponse) -> str:
    assert response.content_type == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.data)).pages)
    return " ".join(text.split())
