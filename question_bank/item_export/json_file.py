"""Items as the bank's own JSON: everything but who wrote and reviewed them."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping

from question_bank.interchange.json_file import FORMAT, VERSION, Record
from question_bank.item_writing import ItemDraft
from question_bank.items import ItemVersion


def json_of(versions: Iterable[ItemVersion], pictures: Mapping[str, bytes]) -> bytes:
    document = {
        "format": FORMAT,
        "version": VERSION,
        "items": [record_of(version).model_dump(mode="json") for version in versions],
        **({"pictures": {name: b64encode(data).decode() for name, data in pictures.items()}} if pictures else {}),
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def record_of(version: ItemVersion) -> Record:
    return Record(code=version.item.code, kind=version.item.kind, **vars(ItemDraft.of(version)))
