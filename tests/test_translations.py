"""The Spanish catalogue: in step with the sources, whole, and true to the placeholders."""

import ast
import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.personas import Client, Personas

ROOT = Path(__file__).parent.parent
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every marked string of the sources, collected as `make messages` does."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    keywords = re.findall(r"-k \w+", (ROOT / "Makefile").read_text())
    mapping = ["-F", str(ROOT / "pyproject.toml")]
    command = ["pybabel", "-q", "extract", *mapping, *keywords, "-o", str(target), str(ROOT)]
    CommandLineInterface().run(command)  # type: ignore[no-untyped-call]
    with target.open("rb") as text:
        return read_po(text)


@pytest.fixture(scope="module")
def spanish() -> Catalog:
    with (ROOT / "examapp" / "translations" / "es" / "LC_MESSAGES" / "messages.po").open("rb") as text:
        return read_po(text, locale="es")


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """The singular and the plural of an entry, or its only form; empty where nothing is written."""
    return list(text) if isinstance(text, list | tuple) else [text or ""]


def test_the_catalogue_is_in_step_with_the_sources(extracted: Catalog, spanish: Catalog) -> None:
    wanted, kept = ({(message.context, message.id) for message in messages(each)} for each in (extracted, spanish))
    assert wanted == kept, "Run `make messages`, then translate what is new in examapp/translations."


def test_no_sentence_hides_in_an_f_string() -> None:
    """There the collection does not see it, and it stays English for ever."""
    markers = {"_", "_l", "gettext", "ngettext", "lazy_gettext", "sentence"}
    hidden = [
        f"{path.name}:{call.lineno}"
        for folder in ("examapp", "question_bank")
        for path in (ROOT / folder).rglob("*.py")
        for joined in ast.walk(ast.parse(path.read_text()))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in markers
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


def test_every_sentence_is_translated(spanish: Catalog) -> None:
    everything = messages(spanish)
    assert len(everything) > 2_000
    assert [each.id for each in everything if each.fuzzy or not all(forms(each.string))] == []


def test_a_translation_keeps_the_placeholders_of_its_sentence(spanish: Catalog) -> None:
    different = [
        message.id
        for message in messages(spanish)
        if all(forms(message.string))
        and {frozenset(PLACEHOLDER.findall(form)) for form in forms(message.string)}
        != {frozenset(PLACEHOLDER.findall(form)) for form in forms(message.id)}
    ]
    assert different == []


def test_the_catalogue_compiles(spanish: Catalog) -> None:
    assert [error for message in messages(spanish) for error in message.check(spanish)] == []
    compiled = io.BytesIO()
    write_mo(compiled, spanish)
    compiled.seek(0)
    reading = gettext.GNUTranslations(compiled)
    assert reading.ngettext("%(num)s day", "%(num)s days", 2) == "%(num)s días"


def test_what_the_rules_call_things_is_not_what_pages_call_them(spanish: Catalog) -> None:
    area, gathering = spanish.get("Administration", "rules"), spanish.get("Administration")
    assert area is not None
    assert gathering is not None
    assert (area.string, gathering.string) == ("Administración", "Convocatoria")


def test_a_candidate_reads_the_framework_in_spanish(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.candidate(locale="es"))
    page = client.get("/framework").text
    assert "<h1>Marco de competencias</h1>" in page
    assert "Nivel 3: Especialista en salud mental infantil" in page
    assert "supervisión clínica reflexiva" in page
