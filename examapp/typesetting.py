"""Tagged PDF by typst. The data reaches the template as JSON, so a name or an essay can never become markup."""

import json
from importlib import resources
from typing import Any

import typst

# For people who see little: letters that are not mistaken for each other.
SANS = resources.files("examapp") / "static" / "vendor" / "atkinson-hyperlegible"
FONTS = typst.Fonts(include_system_fonts=False, font_paths=[str(SANS)])


def pdf(package: str, template: str, data: dict[str, Any]) -> bytes:
    """A document from a template, which is named by its path inside a package."""
    with resources.as_file(resources.files(package).joinpath(template)) as path:
        document: bytes = typst.compile(
            path, font_paths=FONTS, sys_inputs={"data": json.dumps(data)}, pdf_standards="ua-1"
        )
    return document
