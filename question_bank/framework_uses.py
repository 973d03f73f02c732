"""What uses an entry of the framework: while anything does, the entry cannot be removed."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from question_bank import rule_documents
from question_bank.blueprint_plans import followed_by_sealed_form
from question_bank.errors import RuleViolation
from question_bank.exam_blueprint import BlueprintCell, ExamBlueprint
from question_bank.exam_forms.models import ExamForm
from question_bank.exam_policy import policy_of
from question_bank.framework import Framework
from question_bank.item_search import newest_ids
from question_bank.items import STANDING, Item, ItemTerm, ItemVersion, ReviewState
from question_bank.rule_documents import DocumentKind

SHOWN_CODES = 3


@dataclass(frozen=True)
class TaggedItem:
    """The tags of a version of an item that may still be worked on or go on a form."""

    code: str
    area: str | None
    terms: frozenset[str]
    levels: frozenset[int]
    tracks: frozenset[str]
    responsibility_codes: frozenset[str]
    competency: str | None


def tagged_items(session: Session) -> list[TaggedItem]:
    """Every item by its newest version and those that are approved, unless they are retired."""
    living = (
        ItemVersion.state != ReviewState.RETIRED,
        or_(ItemVersion.id.in_(newest_ids()), ItemVersion.state.in_(STANDING)),
    )
    terms: dict[int, set[str]] = {}
    cited = select(ItemTerm.item_version_id, ItemTerm.term).join(
        ItemVersion, ItemTerm.item_version_id == ItemVersion.id
    )
    for version_id, term in session.execute(cited.where(*living)):
        terms.setdefault(version_id, set()).add(term)
    tags = (ItemVersion.levels, ItemVersion.tracks, ItemVersion.responsibility_codes, ItemVersion.competency)
    rows = session.execute(
        select(ItemVersion.id, Item.code, ItemVersion.area, *tags)
        .join(ItemVersion.item)
        .where(*living)
        .order_by(Item.code)
    )
    return [
        TaggedItem(
            row.code,
            row.area,
            frozenset(terms.get(row.id, ())),
            frozenset(row.levels),
            frozenset(row.tracks),
            frozenset(row.responsibility_codes),
            row.competency,
        )
        for row in rows
    ]


def uses_of_terms(session: Session) -> Counter[tuple[str, str, int]]:
    """How many items cite a term at a level: (area, term, level) -> items."""
    cited = {
        (item.code, item.area or "", term, level)
        for item in tagged_items(session)
        for term in item.terms
        for level in item.levels
    }
    return Counter((area, term, level) for _code, area, term, level in cited)


def refuse_removal_of_used(session: Session, old: Framework, new: Framework) -> None:
    """Raises RuleViolation, naming the use, when something that is gone in ``new`` is still used."""
    Removal(session, old, new).check()


class Removal:
    """What the step from one framework to another takes away."""

    def __init__(self, session: Session, old: Framework, new: Framework) -> None:
        self.session, self.old, self.new = session, old, new
        self.items: list[TaggedItem] = []

    def check(self) -> None:
        areas = {area.code for area in self.old.areas} - {area.code for area in self.new.areas}
        terms = {place for place in places_of(self.old).keys() - places_of(self.new).keys() if place[0] not in areas}
        tracks = {track.code for track in self.old.tracks} - {track.code for track in self.new.tracks}
        letters = {pair for pair in letters_of(self.old) - letters_of(self.new) if pair[0] not in areas}
        competencies = {entry.code for entry in self.old.competencies if entry.area not in areas}
        competencies -= {entry.code for entry in self.new.competencies}
        if not (areas or terms or tracks or letters or competencies):
            return
        self.items = tagged_items(self.session)
        for area in sorted(areas):
            self.check_area(area)
        for place in sorted(terms):
            self.check_term(*place)
        for track in sorted(tracks):
            self.check_track(track)
        for area, letter in sorted(letters):
            self.check_letter(area, letter)
        for code in sorted(competencies):
            self.check_competency(code)

    def check_area(self, area: str) -> None:
        name = self.old.area_title(area)
        self.refuse_items(name, lambda item: item.area == area)
        self.refuse_blueprints(name, lambda _blueprint, cell: cell.area == area)
        self.refuse_open_forms(name, lambda version: version.area == area)

    def check_term(self, area: str, term: str, level: int) -> None:
        name = self.old.term_label(area, term, level)
        self.refuse_items(name, lambda item: item.area == area and term in item.terms and level in item.levels)
        self.refuse_blueprints(
            name, lambda blueprint, cell: (cell.area, cell.term) == (area, term) and level in blueprint.levels
        )
        self.refuse_open_forms(
            name, lambda version: version.area == area and term in version.terms and level in version.levels
        )

    def check_letter(self, area: str, letter: str) -> None:
        self.refuse_items(letter, lambda item: item.area == area and letter in item.responsibility_codes)

    def check_competency(self, code: str) -> None:
        self.refuse_items(code, lambda item: item.competency == code)

    def check_track(self, track: str) -> None:
        name = self.old.track_title(track) or track
        self.refuse_items(name, lambda item: track in item.tracks)
        newest = rule_documents.newest(self.session, DocumentKind.EXAM_POLICY)
        policy = policy_of(newest) if newest else None
        if policy and any(group.track == track for group in policy.slot_groups):
            raise RuleViolation(
                "“%(name)s” cannot be removed: the exam policy has vignettes for it. Change the exam policy first.",
                name=name,
            )
        if policy and any(row.track == track and row.required for row in policy.requirements):
            raise RuleViolation(
                "“%(name)s” cannot be removed: the exam policy requires the examination for it. "
                "Change the exam policy first.",
                name=name,
            )
        for form in self.open_forms():
            groups = {group.code for group in policy_of(form.policy).slot_groups if group.track == track}
            if any(entry.slot_group in groups for entry in form.entries):
                raise form_refusal(name, form)

    def refuse_items(self, name: str, uses: Callable[[TaggedItem], bool]) -> None:
        codes = sorted({item.code for item in self.items if uses(item)})
        if codes:
            raise RuleViolation(
                "“%(name)s” cannot be removed. Items that use it: %(count)s (%(codes)s). Change or retire them first.",
                name=name,
                count=len(codes),
                codes=", ".join(codes[:SHOWN_CODES]) + (", …" if len(codes) > SHOWN_CODES else ""),
            )

    def refuse_blueprints(self, name: str, uses: Callable[[ExamBlueprint, BlueprintCell], bool]) -> None:
        """A blueprint that a sealed form follows is history; any other can be changed."""
        for blueprint in self.session.scalars(select(ExamBlueprint).order_by(ExamBlueprint.title)):
            used = any(uses(blueprint, cell) for cell in blueprint.cells)
            if used and not followed_by_sealed_form(self.session, blueprint):
                raise RuleViolation(
                    "“%(name)s” cannot be removed: the blueprint “%(blueprint)s” asks for it. "
                    "Change the blueprint first.",
                    name=name,
                    blueprint=blueprint.title,
                )

    def refuse_open_forms(self, name: str, uses: Callable[[ItemVersion], bool]) -> None:
        for form in self.open_forms():
            if any(uses(entry.item_version) for entry in form.entries):
                raise form_refusal(name, form)

    def open_forms(self) -> Iterable[ExamForm]:
        return self.session.scalars(select(ExamForm).where(ExamForm.sealed_sha256.is_(None)).order_by(ExamForm.title))


def form_refusal(name: str, form: ExamForm) -> RuleViolation:
    return RuleViolation(
        "“%(name)s” cannot be removed: the open exam form “%(form)s” uses it. Seal or discard the form first.",
        name=name,
        form=form.title,
    )


def places_of(framework: Framework) -> dict[tuple[str, str, int], str]:
    """(area, term, level) -> label, for every term of every level."""
    return {
        (area.code, term.code, level): label
        for area in framework.areas
        for term in area.terms
        for level, label in term.labels.items()
    }


def letters_of(framework: Framework) -> set[tuple[str, str]]:
    """(area, responsibility code), for every code an area has."""
    return {(area.code, letter) for area in framework.areas for letter in area.responsibility_codes}
