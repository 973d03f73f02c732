"""The commands of the item bank: questions in and out."""

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.accounts.people import find_person
from examapp.authoring.digest import write_digests
from examapp.authoring.downloads import FORMATS, items_file
from examapp.clock import now
from examapp.db import get_database
from examapp.policies import Right, has_right
from question_bank.errors import RuleViolation
from question_bank.framework import current_framework, default_framework
from question_bank.interchange import FileFormat, Reading, RowStatus, read, sheets_of
from question_bank.interchange.columns import ROLES, headings_of, role_chosen, twice_chosen
from question_bank.interchange.reading import MAX_FILE
from question_bank.interchange.sheet import Sheet
from question_bank.item_import import (
    ImportDefaults,
    ImportPlan,
    PlannedRow,
    import_items,
    plan_import,
    texts_of_bank,
)
from question_bank.item_search import ItemFilter, SpanishState, all_items
from question_bank.items import CognitiveLevel, ItemKind, ReviewState

UNREADABLE = 2
YES_OR_NO = {"yes": True, "no": False}


def area_and_term(text: str) -> tuple[str, str]:
    area, found, term = text.partition("/")
    if not found:
        raise ValueError(text)
    return area, term


# What the list of items is filtered by, on pages and here; who wrote an item is asked of pages only.
FILTERS: dict[str, Callable[[str], Any]] = {
    "words": str,
    "state": ReviewState,
    "area": str,
    "level": int,
    "kind": ItemKind,
    "term": area_and_term,
    "track": str,
    "responsibility_code": str,
    "competency": str,
    "cognitive_level": CognitiveLevel,
    "spanish": SpanishState,
    "sample": YES_OR_NO.__getitem__,
    "used": YES_OR_NO.__getitem__,
}

bank = AppGroup("bank", help="Questions in and out of the item bank.")


@click.command("digest")
@with_appcontext
def digest() -> None:
    """Mail authors and reviewers what waits for them in the bank, once a day at most. Run it every morning."""
    with get_database().transaction() as session:
        written = write_digests(session, public_url=current_app.config["EXAMAPP"].public_url, at=now())
    click.echo(f"Written: {written}")


class NameOf(click.ParamType[str]):
    """A format by its name, however it is written: QTI 2.1, qti-2.1 and qti21 are one."""

    name = "name"

    def __init__(self, formats: Iterable[str]) -> None:
        self.formats = {squeezed(format_): format_ for format_ in formats}

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if squeezed(value) not in self.formats:
            self.fail(f"“{value}” is none of: {', '.join(self.formats.values())}.", param, ctx)
        return self.formats[squeezed(value)]


def squeezed(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


@bank.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_", type=NameOf(FileFormat), help="Told by the content when it is not given.")
@click.option("--dry-run", is_flag=True, help="Only say what an import would do.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
@click.option(
    "--columns", default="", metavar="HEADING=FIELD,…", help="What columns of a sheet are: “Clave=key,Tema=note”."
)
@click.option("--by", metavar="EMAIL", help="The author who imports; needed without --dry-run.")
@click.option("--accepted-only", is_flag=True, help="Import what is accepted although something is refused.")
def import_file(
    file: Path, format_: str | None, *, dry_run: bool, as_json: bool, columns: str, by: str | None, accepted_only: bool
) -> None:
    """Import the questions of FILE as drafts, all or none.

    Exit code 0: all were accepted. 1: something was refused. 2: the file could not be read.
    """
    if not dry_run and not by:
        raise click.UsageError("Say who imports with --by EMAIL, or only look with --dry-run.")
    try:
        data, format_known = contents(file), FileFormat(format_) if format_ else None
        chosen = chosen_columns(columns, sheets_of(data, file.name, format_known)) if columns else None
        reading = read(
            data, file.name, format_known, chosen, largest_picture=current_app.config["EXAMAPP"].largest_picture
        )
    except (RuleViolation, OSError) as error:
        reason = f"{file}: {error.strerror}" if isinstance(error, OSError) else str(error)
        click.echo(json.dumps(document(None, [], reason)) if as_json else reason, err=not as_json)
        raise SystemExit(UNREADABLE) from None
    plan = looked_at(reading) if dry_run else carried_out(reading, file.name, by or "", accepted_only=accepted_only)
    click.echo(json.dumps(document(reading, plan.rows), ensure_ascii=False) if as_json else summary(reading, plan))
    if plan.count(RowStatus.REFUSED):
        raise SystemExit(1)


def chosen_columns(text: str, sheets: list[Sheet]) -> dict[str, str]:
    """What each heading was said to be. Raises BadParameter for a heading that is nowhere, and a field given twice."""
    names = {name for sheet in sheets for name in headings_of(sheet.header)}
    chosen = {}
    for part in next(csv.reader([text])):
        heading, _equals, field = map(str.strip, part.rpartition("="))
        role = role_chosen(field)
        if heading not in names:
            raise click.BadParameter(f"There is no column “{heading}”.", param_hint="--columns")
        if role is None:
            raise click.BadParameter(f"“{field}” is none of: {', '.join(ROLES)}.", param_hint="--columns")
        chosen[heading] = role
    for sheet in sheets:
        if twice := twice_chosen(sheet.header, chosen):
            raise click.BadParameter(f"Two columns are {', '.join(sorted(twice))}.", param_hint="--columns")
    return chosen


def contents(file: Path) -> bytes:
    """No more of a file than is read anyway."""
    with file.open("rb") as stream:
        return stream.read(MAX_FILE + 1)


def looked_at(reading: Reading) -> ImportPlan:
    try:
        with get_database().reading() as session:
            return plan_import(texts_of_bank(session), reading, current_framework(session), ImportDefaults())
    except DBAPIError:
        click.echo("The database cannot be read, so what the bank already has is not recognised.", err=True)
        return plan_import(set(), reading, default_framework(), ImportDefaults())


def carried_out(reading: Reading, filename: str, by: str, *, accepted_only: bool) -> ImportPlan:
    """The plan, written to the bank unless something in it is refused."""
    with get_database().transaction() as session:
        author = author_named(session, by)
        framework = current_framework(session)
        plan = plan_import(texts_of_bank(session), reading, framework, ImportDefaults())
        if plan.count(RowStatus.REFUSED) and not accepted_only:
            click.echo("Nothing was imported, because something is refused. See --accepted-only.", err=True)
        else:
            made = import_items(session, plan.usable, framework, filename=filename, by=author.id, at=now())
            click.echo(f"Imported as drafts: {len(made)}", err=True)
    return plan


def author_named(session: Session, email: str) -> User:
    author = find_person(session, email)
    if author is None or not has_right(author, Right.WRITE_ITEMS):
        raise click.BadParameter(f"{email} is not the address of an author.", param_hint="--by")
    return author


def document(reading: Reading | None, rows: list[PlannedRow], error: str | None = None) -> dict[str, Any]:
    counts = {status.value: sum(row.parsed.status is status for row in rows) for status in RowStatus}
    format_ = reading.format.value if reading else None
    return {"format": format_, **counts, "error": error, "items": [item_document(row) for row in rows]}


def item_document(row: PlannedRow) -> dict[str, Any]:
    """A question as the file has it; a fraction is what choosing the option gives, in percent."""
    item = row.parsed
    return {
        "title": item.title or item.code,
        "kind": (item.foreign or item.kind).value,
        "stem": item.stem,
        "stimulus": item.stimulus,
        "options": [{"text": text, "fraction": float(fraction)} for text, fraction in item.answers],
        "status": item.status.value,
        "reason": reasons_of(row),
        "line": item.line,
        "file": item.file,
    }


def reasons_of(row: PlannedRow) -> str:
    return " ".join(map(str, row.parsed.reasons))


def summary(reading: Reading, plan: ImportPlan) -> str:
    rows = [
        f"{row.parsed.place:>6}  {row.parsed.status.value:<8}  {' '.join(row.parsed.stem.split())[:60]:<60}  "
        f"{reasons_of(row)}".rstrip()
        for row in plan.rows
    ]
    counts = ", ".join(f"{plan.count(status)} {status.value}" for status in RowStatus)
    return "\n".join([*rows, f"{reading.format.label}: {counts}"])


@bank.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_", type=NameOf(FORMATS), required=True)
@click.option(
    "--filter", "filters", multiple=True, metavar="NAME=VALUE", help=f"{', '.join(FILTERS)}; a term is AREA/TERM."
)
@click.option("--by", metavar="EMAIL", help="The author who exports, for the audit trail.")
def export_file(file: Path, format_: str, filters: tuple[str, ...], by: str | None) -> None:
    """Write the items that match every --filter to FILE, with their keys."""
    wanted = asked_filter(filters)
    with get_database().transaction() as session:
        author = author_named(session, by) if by else None
        found = all_items(session, wanted)
        made = items_file(session, found, format_, "en", by=author.id if author else None, at=now())
    try:
        file.write_bytes(made.data)
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from None
    if made.left_out.unfinished:
        click.echo(f"Left out, because they are not finished: {', '.join(made.left_out.unfinished)}", err=True)
    if made.left_out.beyond:
        click.echo(f"Left out, because the format cannot say them: {', '.join(made.left_out.beyond)}", err=True)
    for sentence in made.left_out.lost:
        click.echo(sentence, err=True)
    click.echo(f"Written to {file}: {len(found) - len(made.left_out.codes)}")


def asked_filter(filters: tuple[str, ...]) -> ItemFilter:
    asked = {}
    for text in filters:
        name, _equals, value = text.partition("=")
        if name not in FILTERS:
            raise click.BadParameter(f"“{name}” is none of: {', '.join(FILTERS)}.", param_hint="--filter")
        try:
            asked[name] = FILTERS[name](value)
        except (KeyError, ValueError):
            raise click.BadParameter(f"“{value}” is no {name}.", param_hint="--filter") from None
    return ItemFilter(**asked)
