"""Who may do what: the role -> right table, and the rules about one thing (`may_<verb>`)."""

from enum import StrEnum

from examapp.accounts.models import Role, SignIn, User
from examapp.delivery.models import PaperEntry
from examapp.endorsements.models import EndorsementFile
from examapp.registration.models import AccommodationRequest, Registration
from examapp.scoring.models import ResultRelease
from question_bank.bulk_deeds import BulkDeed, BulkKind
from question_bank.items import IN_REVIEW, ItemVersion, ReviewState
from question_bank.review_comments import ReviewComment
from question_bank.review_conflicts import ReviewConflict
from question_bank.saved_filters import SavedFilter


class Right(StrEnum):
    SIT_EXAM = "sit exam"
    SEE_BANK = "see bank"
    WRITE_ITEMS = "write items"
    REVIEW_ITEMS = "review items"
    ASSEMBLE_FORMS = "assemble forms"
    RATE_ESSAYS = "rate essays"
    RUN_ROOM = "run room"
    MANAGE_EXAMS = "manage exams"
    KEEP_FILES = "keep files"
    RELEASE_RESULTS = "release results"
    SEE_REPORTS = "see reports"
    MANAGE_PEOPLE = "manage people"
    CHANGE_RULES = "change rules"
    SEE_AUDIT = "see audit"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CANDIDATE: frozenset({Right.SIT_EXAM}),
    Role.AUTHOR: frozenset({Right.SEE_BANK, Right.WRITE_ITEMS, Right.ASSEMBLE_FORMS}),
    Role.REVIEWER: frozenset({Right.SEE_BANK, Right.REVIEW_ITEMS, Right.ASSEMBLE_FORMS}),
    Role.RATER: frozenset({Right.RATE_ESSAYS}),
    Role.PROCTOR: frozenset({Right.RUN_ROOM}),
    Role.ADMINISTRATOR: frozenset(
        {
            Right.RUN_ROOM,
            Right.MANAGE_EXAMS,
            Right.KEEP_FILES,
            Right.RELEASE_RESULTS,
            Right.SEE_REPORTS,
            Right.MANAGE_PEOPLE,
            Right.CHANGE_RULES,
            Right.SEE_AUDIT,
        }
    ),
}


def has_right(user: User, right: Right) -> bool:
    return user.is_active and any(right in RIGHTS[role] for role in user.roles)


def may_sit(user: User, registration: Registration) -> bool:
    """A registration is its candidate's alone; to anybody else who sits exams it does not exist."""
    return registration.candidate_id == user.id


def may_watch(user: User, registration: Registration) -> bool:
    """Nobody is their own proctor."""
    return has_right(user, Right.RUN_ROOM) and registration.candidate_id != user.id


def may_see_request(user: User, request: AccommodationRequest) -> bool:
    """What a candidate asks for, with statement and document, is theirs and the endorsement office's."""
    return request.registration.candidate_id == user.id or has_right(user, Right.MANAGE_EXAMS)


def may_decide_request(user: User, request: AccommodationRequest) -> bool:
    """Nobody decides about their own accommodation."""
    return request.registration.candidate_id != user.id and has_right(user, Right.MANAGE_EXAMS)


def may_read_answers(user: User, registration: Registration, *, essays: bool) -> bool:
    """Who keeps examinations reads what somebody else wrote, with the name. Who rates essays does so without."""
    blind = essays and has_right(user, Right.RATE_ESSAYS)
    return has_right(user, Right.MANAGE_EXAMS) and registration.candidate_id != user.id and not blind


def may_type_in_paper(user: User, registration: Registration, *, essays: bool) -> bool:
    """Who runs the room copies what somebody else wrote on paper. Who rates essays would know whose they are."""
    blind = essays and has_right(user, Right.RATE_ESSAYS)
    return may_watch(user, registration) and not blind


def may_discard_entry(user: User, entry: PaperEntry) -> bool:
    """Everybody throws away what they typed in themselves; the endorsement office also what somebody left behind."""
    return entry.entered_by_id == user.id or has_right(user, Right.MANAGE_EXAMS)


def may_see_file(user: User, file: EndorsementFile) -> bool:
    """An endorsement file is its candidate's and the endorsement office's."""
    return file.user_id == user.id or has_right(user, Right.KEEP_FILES)


def may_keep_file(user: User, file: EndorsementFile) -> bool:
    """Nobody records in their own file."""
    return file.user_id != user.id and has_right(user, Right.KEEP_FILES)


def may_end_sign_in(user: User, sign_in: SignIn) -> bool:
    """Everybody signs their own browsers out; administrators do it on the person's page."""
    return sign_in.user_id == user.id


def may_edit_item(user: User, version: ItemVersion) -> bool:
    """Any author writes on any draft; what was submitted is fixed."""
    return has_right(user, Right.WRITE_ITEMS) and version.state is ReviewState.DRAFT


def may_review_item(user: User, version: ItemVersion, barred: set[int]) -> bool:
    """Nobody reviews what they wrote on or are too near to, nor does both reviews: see ``review.barred``."""
    return has_right(user, Right.REVIEW_ITEMS) and version.state in IN_REVIEW and user.id not in barred


def may_put_to_use(user: User, version: ItemVersion, barred: set[int]) -> bool:
    """The same people say what is tried out and what counts."""
    waits = version.state in (ReviewState.APPROVED, ReviewState.PRETEST) and not version.is_overtaken
    return has_right(user, Right.REVIEW_ITEMS) and waits and user.id not in barred


def may_settle_comment(user: User, comment: ReviewComment, writers: set[int]) -> bool:
    """A thread is settled by whoever began it, or by those who wrote the item."""
    mine = user.id == comment.author_id or user.id in writers
    return has_right(user, Right.SEE_BANK) and comment.settled_at is None and mine


def may_read_conflict(user: User, conflict: ReviewConflict) -> bool:
    """Why somebody has a conflict of interest is theirs, and for administrators to know."""
    return conflict.reviewer_id == user.id or has_right(user, Right.SEE_AUDIT)


def may_change_filter(user: User, saved: SavedFilter) -> bool:
    """A kept filter is its owner's alone."""
    return saved.owner_id == user.id


def may_undo(user: User, deed: BulkDeed) -> bool:
    """Who changed many items at once takes it back, as long as they still may do such a thing."""
    needed = Right.WRITE_ITEMS if deed.kind is BulkKind.TAG else Right.REVIEW_ITEMS
    return deed.by_id == user.id and has_right(user, needed)


def may_see_result(user: User, registration: Registration) -> bool:
    """A result page is its candidate's alone."""
    return registration.candidate_id == user.id


def may_confirm_release(user: User, release: ResultRelease) -> bool:
    """A release needs two people: the one who proposed it does not confirm it."""
    return has_right(user, Right.RELEASE_RESULTS) and release.proposed_by_id != user.id
