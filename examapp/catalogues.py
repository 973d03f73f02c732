"""The translations: from the text files people edit to what gettext reads."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "translations"


def compile_catalogues(folder: Path = FOLDER) -> list[Path]:
    """Compile each catalogue that is newer than its compiled form; returns those. Safe to repeat."""
    compiled = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        locale = source.parent.parent.name
        with source.open("rb") as text:
            catalogue = read_po(text, locale=locale)
        with target.open("wb") as binary:
            write_mo(binary, catalogue)
        compiled.append(target)
    return compiled
