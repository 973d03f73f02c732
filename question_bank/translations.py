"""Items in Spanish beside the English: what belongs to a translation, and whether it is still true. Pure.

English is the source. Each text of a translation remembers the English that it was made from, so that a later change
of the English is noticed, and can be shown word by word.
"""

from collections.abc import Mapping
from typing import Any, Final

from question_bank.item_kinds import Essay, ItemContent, Question, Translation

SPANISH: Final = "es"


def source_texts(content: ItemContent, title: str) -> dict[str, str]:
    """What candidates read in English and authors write, by place. Only a vignette's title is read by candidates."""
    return {"title": title, **content.texts()} if isinstance(content, Essay) else content.texts()


def translate(
    source: Mapping[str, str],
    texts: Mapping[str, str],
    before: Translation | None = None,
    *,
    says_the_same: bool = False,
) -> Translation | None:
    """The translation after these texts were typed; None when none is written.

    A text that was left as it was ``before`` stays a translation of the English of then; a new one is made from the
    English of now. ``says_the_same`` means that somebody has compared them all again.
    """
    if not any(texts.values()):
        return None
    kept = {} if before is None or says_the_same else before.texts
    return Translation(
        texts={place: texts.get(place, "") for place in source},
        of={
            place: before.of.get(place, "") if before and kept.get(place) == texts.get(place, "") else english
            for place, english in source.items()
        },
    )


def spanish_in(content: Mapping[str, Any]) -> Translation | None:
    """The Spanish of a content as it is stored."""
    stored = content.get("translations", {}).get(SPANISH)
    return Translation.model_validate(stored) if stored else None


def missing(translation: Translation, source: Mapping[str, str]) -> list[str]:
    """The places that are not translated yet."""
    return [place for place in source if not translation.texts.get(place, "").strip()]


def outdated(translation: Translation, source: Mapping[str, str]) -> list[str]:
    """The places whose English has changed since they were translated."""
    written = [place for place in source if translation.texts.get(place, "").strip()]
    return [place for place in written if translation.of.get(place) != source[place]]


def spanish_texts(content: ItemContent, title: str) -> dict[str, str] | None:
    """The Spanish that candidates may be given: whole and up to date, or else None."""
    source, spanish = source_texts(content, title), content.translations.get(SPANISH)
    if spanish is None or missing(spanish, source) or outdated(spanish, source):
        return None
    fixed = content.fixed_texts.get(SPANISH, {}) if isinstance(content, Question) else {}
    return {**{place: spanish.texts[place] for place in source}, **fixed}
