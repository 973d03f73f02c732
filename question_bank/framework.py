"""The competency framework: levels, tracks, areas of expertise, terms, responsibility codes, competencies."""

from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from sqlalchemy.orm import Session

from question_bank import rule_documents
from question_bank.rule_documents import DocumentKind, RuleDocument, load_shipped, rules_of

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(Document):
    level: int
    title: Label
    confirmed: bool  # False: an association default, to be confirmed by NMAIMH


class Track(Document):
    code: Code
    level: int
    title: Label


class ResponsibilityCode(Document):
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    title: Label


class Term(Document):
    """A knowledge or skill area. Its label may differ by level; a level it does not name does not have it."""

    code: Code
    labels: dict[int, Label] = Field(min_length=1)


class Area(Document):
    code: Code
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    title: Label
    kind: Annotated[str, StringConstraints(pattern=r"^(knowledge|skill)$")]
    responsibility_codes: list[str]
    terms: list[Term] = Field(min_length=1)

    def levels(self) -> set[int]:
        return {level for term in self.terms for level in term.labels}

    def term(self, code: str) -> Term | None:
        return next((term for term in self.terms if term.code == code), None)


class Competency(Document):
    """A behaviour by which an area is demonstrated; items may cite its code."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-\d{2}$")]
    area: Code
    statement: Label
    responsibility_codes: list[str]


class Retired(Document):
    """Titles of what the framework no longer has, by code: old items, forms and results still name it."""

    areas: dict[str, str] = Field(default_factory=dict)
    terms: dict[str, str] = Field(default_factory=dict)  # by "area/term"
    tracks: dict[str, str] = Field(default_factory=dict)


class Framework(Document):
    title: Label
    note: str
    levels: list[Level]
    tracks: list[Track]
    responsibility_codes: list[ResponsibilityCode]
    areas: list[Area]
    competencies: list[Competency]
    retired: Retired = Retired()

    @model_validator(mode="after")
    def codes_are_known_and_unique(self) -> "Framework":
        levels = {level.level for level in self.levels}
        letters = {code.code for code in self.responsibility_codes}
        for area in self.areas:
            refuse_doubles([term.code for term in area.terms], f"term of {area.title}")
            refuse_unknown(area.levels(), levels, f"level in {area.title}")
            refuse_unknown(set(area.responsibility_codes), letters, f"responsibility code in {area.title}")
        refuse_doubles([area.code for area in self.areas], "area")
        refuse_doubles([area.prefix for area in self.areas], "area prefix")
        refuse_doubles([track.code for track in self.tracks], "track")
        refuse_doubles([code.code for code in self.responsibility_codes], "responsibility code")
        refuse_doubles([competency.code for competency in self.competencies], "competency")
        refuse_unknown({c.area for c in self.competencies}, {a.code for a in self.areas}, "area of a competency")
        for competency in self.competencies:
            refuse_unknown(set(competency.responsibility_codes), letters, f"responsibility code of {competency.code}")
        refuse_unknown({track.level for track in self.tracks}, levels, "level of a track")
        return self

    def area(self, code: str) -> Area | None:
        return next((area for area in self.areas if area.code == code), None)

    def tracks_of(self, level: int) -> list[Track]:
        return [track for track in self.tracks if track.level == level]

    def track_title(self, code: str | None) -> str | None:
        titles = {**self.retired.tracks, **{track.code: track.title for track in self.tracks}}
        return titles.get(code or "")

    def level_title(self, level: int) -> str:
        return next(entry.title for entry in self.levels if entry.level == level)

    def term_label(self, area: str, term: str, level: int | None = None) -> str:
        """The label of a term at a level; without a level, at the highest that has it. An unknown code shows as is."""
        found = (entry := self.area(area)) and entry.term(term)
        if not found:
            return self.retired.terms.get(f"{area}/{term}", term)
        return found.labels.get(level or 0) or found.labels[max(found.labels)]

    def area_title(self, code: str) -> str:
        """The title of an area; an unknown code shows as it is."""
        area = self.area(code)
        return area.title if area else self.retired.areas.get(code, code)

    def cell_name(self, area: str, term: str) -> str:
        """A cell of a blueprint: an area, or a term with its area, since two areas may have a term of the same name."""
        return f"{self.term_label(area, term)} ({self.area_title(area)})" if term else self.area_title(area)


def refuse_doubles(codes: list[str], what: str) -> None:
    doubled = sorted({code for code in codes if codes.count(code) > 1})
    if doubled:
        raise ValueError(f"Each {what} needs a code of its own; used twice: {', '.join(doubled)}.")


def refuse_unknown(used: set[Any], known: set[Any], what: str) -> None:
    unknown = sorted(str(code) for code in used - known)
    if unknown:
        raise ValueError(f"Unknown {what}: {', '.join(unknown)}.")


@cache  # reading YAML takes longer than many a page
def default_framework() -> Framework:
    """The framework shipped with the product."""
    folder = resources.files("question_bank") / "data"
    content = yaml.safe_load((folder / "framework.yaml").read_text())
    content["competencies"] = yaml.safe_load((folder / "competencies.yaml").read_text())
    return Framework.model_validate(content)


def load_default(session: Session, *, at: datetime) -> RuleDocument:
    return load_shipped(session, DocumentKind.FRAMEWORK, default_framework(), effective_from=at.date(), at=at)


def save_framework(
    session: Session, framework: Framework, *, effective_from: date, note: str, by: int | None, at: datetime
) -> RuleDocument:
    return rule_documents.add_version(
        session,
        DocumentKind.FRAMEWORK,
        framework.model_dump(mode="json"),
        effective_from=effective_from,
        note=note,
        by=by,
        at=at,
    )


def current_framework(session: Session) -> Framework:
    """The newest framework. The set-up command has loaded one."""
    document = rule_documents.newest(session, DocumentKind.FRAMEWORK)
    return framework_of(document) if document else default_framework()


def framework_of(document: RuleDocument) -> Framework:
    return rules_of(document, Framework)
