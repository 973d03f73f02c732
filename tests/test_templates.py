"""The macros that pages are built from, and rules that hold for every template."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, PasswordField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from examapp import shell

TEMPLATES = Path(__file__).parent.parent / "examapp" / "templates"


class Register(Form):  # type: ignore[misc]  # WTForms has no types
    name = StringField("Full name", [DataRequired("Enter your name.")])
    level = RadioField(
        "Level", [DataRequired("Choose a level.")], choices=[SelectChoice("3", "Level 3"), SelectChoice("4", "Level 4")]
    )
    areas = SelectMultipleField("Areas", choices=[SelectChoice("r", "Reflection"), SelectChoice("t", "Thinking")])
    password = PasswordField("Password", [DataRequired("Enter a password.")])
    reason = TextAreaField("Reason", [DataRequired("Say why.")])
    agree = BooleanField("I agree", [DataRequired("Tick the box.")])


PAGE = """{% from "macros/forms.html" import field, post_form, submit %}
{% call post_form(form) %}
  {% for part in form %}{{ field(part, help="A hint.", count=200) }}{% endfor %}{{ submit("Save") }}
{% endcall %}"""


@pytest.fixture
def render() -> Iterator[Any]:
    """``render(source, **values)``: the source rendered with the macros at hand."""
    app = Flask("examapp", root_path=str(TEMPLATES.parent))
    app.config["SECRET_KEY"] = "for tests"
    Babel(app)
    LoginManager(app).request_loader(lambda _request: None)
    CSRFProtect(app)
    shell.init_app(app)
    app.add_url_rule("/items", "items", lambda: "")
    with app.test_request_context("/items?area=thinking"):
        yield render_template_string


def test_every_link_of_the_error_summary_leads_to_a_control(render: Any) -> None:
    form = Register(MultiDict())
    assert not form.validate()
    html = render(PAGE, form=form)
    targets = re.findall(r'<li><a href="#([\w-]+)">', html)
    assert targets == ["name", "level-0", "password", "reason", "agree"]
    assert all(f'id="{target}"' in html for target in targets)


def test_an_error_stands_beside_its_field_and_is_read_with_it(render: Any) -> None:
    form = Register(MultiDict())
    form.validate()
    html = render(PAGE, form=form)
    control = re.search(r'<input[^>]*id="name"[^>]*>', html)
    assert control
    assert 'aria-describedby="name-hint name-error"' in control[0]
    assert 'aria-invalid="true"' in control[0]
    assert re.search(r'id="name-error">.*Enter your name\.</div>', html)


def test_a_refused_form_keeps_what_was_typed_but_never_a_password(render: Any) -> None:
    form = Register(MultiDict({"name": "Ana <Lucero>", "level": "4", "areas": "t", "password": "open sesame"}))
    form.validate()
    html = render(PAGE, form=form)
    assert 'value="Ana &lt;Lucero&gt;"' in html
    assert re.search(r'value="4" checked', html)
    assert re.search(r'value="t" checked', html)
    assert "open sesame" not in html


def test_every_posted_form_carries_the_token(render: Any) -> None:
    source = '{% from "macros/forms.html" import inline_post %}{{ inline_post("items", "Go", area="thinking") }}'
    html = render(source)
    assert 'action="/items?area=thinking"' in html
    assert 'name="csrf_token"' in html


def test_pages_of_a_list_keep_the_filters(render: Any) -> None:
    source = '{% from "macros/tables.html" import pagination %}{{ pagination(page) }}'
    html = render(source, page=SimpleNamespace(page=2, pages=9, total=170))
    assert 'href="/items?area=thinking&amp;page=3"' in html
    assert 'aria-current="page"' in html
    assert render(source, page=SimpleNamespace(page=1, pages=1, total=3)).strip() == ""


@pytest.mark.parametrize("rows", [[], [("Reflection", 0)], [("Reflection", 50), ("Thinking", 100)]])
def test_a_chart_says_in_words_what_it_shows(render: Any, rows: list[tuple[str, int]]) -> None:
    source = '{% from "macros/charts.html" import bar_chart, stacked_bar %}'
    source += '{{ bar_chart("c", "Score", rows) }}{{ stacked_bar("s", "Score", rows) }}'
    html = render(source, rows=rows)
    for label, value in rows:
        assert f"{label}: {value}." in html
        assert f'<th scope="row">{label}</th><td class="number">{value}</td>' in html


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)
def test_no_template_breaks_the_content_security_policy(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son\w+=\"|javascript:", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", source)
    assert not re.search(r"(src|href)=\"(https?:)?//", source)
