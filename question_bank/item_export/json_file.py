"""Items as the bank's own JSON: everything but who wrote and reviewed them."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping

from question_bank.interchange.json_file import FORMAT, VERSION, Record
from question_bank.item_writing import ItemDraft
from question_bank.items import ItemVersion


def json_of(
    versions: Iterable[ItemVersion], pictures: Mapping[str, bytes], enemies: Mapping[frozenset[str], str]
) -> bytes:
    document = {
        "format": FORMAT,
        "version": VERSION,
        "items": [record_of(version, enemies).model_dump(mode="json") for version in versions],
        **({"pictures": {name: b64encode(data).decode() for name, data in pictures.items()}} if pictures else {}),
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def record_of(version: ItemVersion, enemies: Mapping[frozenset[str], str]) -> Record:
    code = version.item.code
    return Record(
        code=code,
        kind=version.item.kind,
        vignette_set=version.item.set_code or "",
        enemies={enemy: reason for pair, reason in enemies.items() if code in pair for enemy in pair - {code}},
        **vars(ItemDraft.of(version)),
    )
