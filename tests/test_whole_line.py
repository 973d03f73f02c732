"""The whole product as six roles meet it: from an empty site to a record that anybody can verify."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from examapp.db import Database
from tests.whole_line import authoring, records, registering, scoring, sitting, texts
from tests.whole_line.cast import gather
from tests.whole_line.policy import make_examination_small
from tests.whole_line.site import Site


@pytest.fixture
def site(database: Database, tmp_path: Path, new_context: Callable[..., BrowserContext]) -> Iterator[Site]:
    """A new site as an operator leaves it after `flask setup`."""
    # The kinds of pages that axe has seen. They look the same on every database: one of them is enough.
    judged: set[object] | None = set() if database.engine.dialect.name == "sqlite" else None
    with ExitStack() as stack:
        site = Site(database, tmp_path, new_context, judged, stack)
        site.command("setup")
        site.start()
        yield site
        site.kill()


def test_from_an_empty_site_to_a_verified_record(site: Site) -> None:
    cast = gather(site)
    make_examination_small(cast.administrator)

    items = [*authoring.import_items(cast.author), authoring.write_item(cast.author, texts.WRITTEN)]
    vignettes = [authoring.write_vignette(cast.author, vignette) for vignette in texts.VIGNETTES]
    authoring.send_to_review(cast.author, [*items, *vignettes])
    authoring.review_everything(cast.reviewer, cast.second_reviewer, cast.author, doubtful=items[-1])
    authoring.seal_form(cast.author)

    file = registering.open_file(cast.administrator, cast.candidate)
    administration = registering.announce(cast.administrator)
    registering.register(cast, file, administration)
    registering.grant_extra_time(cast.administrator)

    sitting.sit(site, cast)
    site.end_the_window()

    scoring.score(cast)
    scoring.release(site, cast)
    records.expect_in_file(cast.administrator, file)
    document = records.export(cast)
    records.verify(site, document, cast.candidate)
