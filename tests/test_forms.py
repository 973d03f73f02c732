"""Forms inside of forms."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField
from wtforms.validators import Length

from examapp.forms import PartForm


class ShortForm(PartForm):
    text = StringField(validators=[Length(max=3)])


def subclasses(kind: type[Form]) -> Iterator[type[Form]]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "Field cannot be longer"), ("es", "El campo no puede tener más de 3 caracteres")]
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_part_speaks_the_language_of_the_reader(app: Flask, language: str, sentence: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        form = ShortForm(MultiDict({"text": "long"}))
        assert not form.validate()
        assert sentence in str(form.text.errors[0])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_form_of_ours_stays_english(app: Flask) -> None:
    ours = [kind for kind in subclasses(Form) if kind.__module__.startswith("examapp.")]
    assert len(ours) > 50
    assert [kind.__name__ for kind in ours if not issubclass(kind, FlaskForm | PartForm)] == []
