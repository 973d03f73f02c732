"""Texts in a chosen language where there is no request: mails, documents, commands."""

from functools import lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations

LOCALES = ("en", "es")
FOLDER = Path(__file__).parent / "translations"

# The context of what the rules call things, as their words mean something else elsewhere: “Administration” is an area.
RULES = "rules"


class Texts:
    """The gettext of one language, with ``%(name)s`` values filled in. Use it as ``_`` so that texts are found."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self.catalog: NullTranslations = Translations.load(FOLDER, [locale])

    def __call__(self, message: str, /, **values: object) -> str:
        text: str = self.catalog.gettext(message)
        return text % values if values else text

    def of_rules(self, text: str) -> str:
        """A title of the framework or the policy, translated if it is one that ships."""
        return str(self.catalog.pgettext(RULES, text))


@lru_cache
def texts_in(locale: str) -> Texts:
    return Texts(locale if locale in LOCALES else "en")
