"""Translations are compiled when they have changed."""

import gettext
import os
from pathlib import Path

import pytest

from examapp.catalogues import compile_catalogues


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "es" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Sign in"\nmsgstr "Entrar"\n'
    )
    return path


def test_a_catalogue_is_compiled_once(catalogue: Path, tmp_path: Path) -> None:
    assert compile_catalogues(tmp_path) == [catalogue.with_suffix(".mo")]
    assert gettext.translation("messages", tmp_path, ["es"]).gettext("Sign in") == "Entrar"
    assert compile_catalogues(tmp_path) == []


def test_a_changed_catalogue_is_compiled_again(catalogue: Path, tmp_path: Path) -> None:
    [compiled] = compile_catalogues(tmp_path)
    os.utime(compiled, (0, 0))
    assert compile_catalogues(tmp_path) == [compiled]
