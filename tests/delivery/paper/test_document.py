"""What is printed of the questions."""

from datetime import datetime

from sqlalchemy.orm import Session

from examapp.delivery.paper.document import questions
from examapp.delivery.paper.edition import PrintSize, edition_of
from examapp.registration.models import Registration
from examapp.translation import texts_in
from tests import factories


def test_a_vignette_of_several_prompts_is_printed_once_and_says_so(
    db: Session, sitting: Registration, at: datetime
) -> None:
    form = factories.sealed_form(db, at, together=["RFV-0002", "RFV-0003"])
    sitting.administration.form_sha256 = form.sha256
    edition = edition_of(db, sitting, "part_two", PrintSize.NORMAL)
    (group,) = questions(texts_in("en"), edition)["groups"]
    printed = [(essay["number"], essay["belongs"], bool(essay["stimulus"])) for essay in group["essays"]]
    assert printed == [
        ("Vignette 1", "", True),
        ("Prompt 2", "This text belongs to the prompts 2 to 3.", True),
        ("Prompt 3", "", False),
    ]
    assert all(essay["prompt"] for essay in group["essays"])
