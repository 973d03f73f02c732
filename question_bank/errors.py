"""The one error a broken rule raises."""


class RuleViolation(Exception):
    """A rule of the domain says no.

    ``message`` is an English sentence for the person at the screen that says what to do, with ``%(name)s``
    placeholders filled from ``values``. It is translated where it is shown, so the rules know no language.
    """

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values

    def anew(self) -> "RuleViolation":
        """The same, to be kept: one that was raised keeps alive whatever was at hand there, be it a whole file."""
        return RuleViolation(self.message, **self.values)


def sentence(text: str) -> str:
    """Mark a sentence that rules hand out, so that it is collected for translation. Import it as ``_``."""
    return text
