"""An examination that people have sat, ready to be scored."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.personas import Personas
from tests.scoring.exam import Exam


@pytest.fixture
def exam(db: Session, personas: Personas, at: datetime) -> Exam:
    form = factories.sealed_form(db, at, items=5)
    keeper = personas.administrator(name="Kay Keeper")
    given = factories.administration(db, at, keeper, title="Spring examination", form_sha256=form.sha256)
    db.commit()
    return Exam(db, personas, at, given)
