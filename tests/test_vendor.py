"""What others made and we ship is exactly what the manifest says, with its licence."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).parent.parent / "examapp" / "static" / "vendor"
PACKAGES: list[dict[str, Any]] = json.loads((VENDOR / "MANIFEST.json").read_text())
LISTED = {name: digest for package in PACKAGES for name, digest in package["files"].items()}


def test_every_file_is_the_one_in_the_manifest() -> None:
    shipped = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "MANIFEST.json"
    }
    assert shipped == LISTED


def test_every_package_comes_with_its_version_and_licence_text() -> None:
    for package in PACKAGES:
        assert package["files"], package["name"]
        if package["licence"] is not None:
            assert package["version"]
            assert package["licence_file"] in LISTED


def test_every_icon_that_the_templates_and_the_style_sheet_name_is_shipped() -> None:
    sprite = (VENDOR / "uswds/img/sprite.svg").read_text()
    macros = (VENDOR.parents[1] / "templates/macros/page.html").read_text()
    templates = "".join(path.read_text() for path in (VENDOR.parents[1] / "templates").rglob("*.html"))
    named = set(re.findall(r"""\bicon\(["'](\w+)["']""", templates))
    named |= set(re.findall(r'"\w+": "(\w+)"', macros.split("set icons =")[1].split("%}")[0]))
    assert named
    assert {name for name in named if f'id="{name}"' not in sprite} == set()
