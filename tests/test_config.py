"""Settings come from the environment; production refuses to start without its secrets."""

import ast
import re
from pathlib import Path

import pytest

from examapp.config import ConfigurationError, load_config

ROOT = Path(__file__).parent.parent
PRODUCTION = {
    "EXAMAPP_ENV": "production",
    "SECRET_KEY": "x" * 32,
    "DATABASE_URL": "postgresql://examapp@db/examapp",
    "PUBLIC_URL": "https://exam.example.org/",
}


def test_development_needs_nothing(tmp_path: Path) -> None:
    config = load_config({"INSTANCE_PATH": str(tmp_path), "PORT": "8123"})
    assert not config.production
    assert config.database_url == f"sqlite:///{tmp_path}/examapp.db"
    assert config.public_url == "http://127.0.0.1:8123"


def test_the_secret_of_a_development_machine_is_made_once_and_private(tmp_path: Path) -> None:
    first, second = (load_config({"INSTANCE_PATH": str(tmp_path)}).secret_key for _ in range(2))
    assert first == second
    assert len(first) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_production_takes_its_settings(tmp_path: Path) -> None:
    config = load_config({**PRODUCTION, "INSTANCE_PATH": str(tmp_path)})
    assert config.production
    assert config.public_url == "https://exam.example.org"
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "PUBLIC_URL"])
def test_production_does_not_start_without(name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        load_config({**PRODUCTION, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [("EXAMAPP_ENV", "staging"), ("SECRET_KEY", "short"), ("TRUSTED_PROXIES", "-1"), ("NETWORK_GRACE_SECONDS", "soon")],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        load_config({**PRODUCTION, name: value})


def test_code_example_and_documentation_name_the_same_settings() -> None:
    settings = re.compile(r"\b[A-Z][A-Z_]{3,}\b")
    sources = [(ROOT / "examapp" / name).read_text() for name in ("config.py", "cli.py")]
    words = {node.value for text in sources for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    in_code = {word for word in words if isinstance(word, str) and settings.fullmatch(word)} - {"EXAMAPP"}
    in_example = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    in_table = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE))
    assert in_code == in_example == in_table
