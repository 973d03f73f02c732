"""Pictures of items as a browser gets them: from an address, or within the page."""

from base64 import b64encode

from flask import Response

from examapp.db import db_session
from question_bank.pictures import Picture

# What an address answers never changes: the address is made of its digest. Still no device keeps questions for days.
KEPT_BY_THE_BROWSER = f"private, max-age={6 * 60 * 60}, immutable"


def picture_response(picture: Picture) -> Response:
    """A picture and nothing else: opened by itself, it may not do anything."""
    headers = {
        "Cache-Control": KEPT_BY_THE_BROWSER,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": f'inline; filename="{picture.filename}"',
    }
    return Response(picture.data, mimetype=picture.media_type, headers=headers)


def picture_within(sha256: str) -> str:
    """The picture as an address that holds all of it: who may read the page may see it, and nobody else can ask."""
    picture = db_session().get(Picture, sha256)
    if picture is None:
        return "data:,"
    return f"data:{picture.media_type};base64,{b64encode(picture.data).decode()}"
