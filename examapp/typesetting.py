"""Tagged PDF by typst. The data reaches the template as JSON, so a name or an essay can never become markup."""

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import typst

# For people who see little: letters that are not mistaken for each other.
SANS = resources.files("examapp") / "static" / "vendor" / "atkinson-hyperlegible"
FONTS = typst.Fonts(include_system_fonts=False, font_paths=[str(SANS)])


def pdf(
    package: str, template: str, data: dict[str, Any], pictures: Mapping[str, bytes] = MappingProxyType({})
) -> bytes:
    """A document from a template, which is named by its path inside a package. It finds its pictures by their names."""
    inputs = {"data": json.dumps({**data, "pictures": list(pictures)})}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.typ"
        path.write_bytes(resources.files(package).joinpath(template).read_bytes())
        for name, picture in pictures.items():
            (Path(folder) / name).write_bytes(picture)
        document: bytes = typst.compile(path, font_paths=FONTS, sys_inputs=inputs, pdf_standards="ua-1")
    return document
