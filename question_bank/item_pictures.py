"""Which pictures the texts of items show, and whether they are here."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from question_bank.errors import sentence as _
from question_bank.item_kinds import ItemContent, content_of
from question_bank.item_text import digests_in
from question_bank.items import ItemVersion
from question_bank.pictures import known_pictures


def shown_in(version: ItemVersion) -> set[str]:
    """The digests of the pictures of a version, in every language."""
    return shown_by(content_of(version.item.kind, version.content))


def shown_by(content: ItemContent) -> set[str]:
    """The same of a content that may not be stored yet."""
    translated = [text for spanish in content.translations.values() for text in spanish.texts.values()]
    return digests_in([*content.texts().values(), *translated])


def pictures_here(session: Session, versions: Iterable[ItemVersion]) -> set[str]:
    """The digests among those of these versions under which there is a picture."""
    return known_pictures(session, {digest for version in versions for digest in shown_in(version)})


def picture_problems(version: ItemVersion, here: Collection[str]) -> list[str]:
    """What is wrong when these are all the pictures there are."""
    gone = shown_in(version).difference(here)
    return [_("A picture is named that is not here. Insert it again.")] if gone else []
