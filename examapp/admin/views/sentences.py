"""The audit trail in readable sentences instead of codes.

Each action has what follows the person's name: “Ana Baca *released the results of “Spring 2027”*”.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup, escape

from examapp.accounts.forms import ROLE_NAMES
from examapp.admin.audit_trail import PEOPLE_DETAILS, Names
from examapp.authoring.views.comments import label_of
from examapp.shell import rule_text, show_date, show_datetime, show_duration
from question_bank.audit import AuditEvent

KINDS = {
    "user": lazy_gettext("People"),
    "mail": lazy_gettext("Mail"),
    "item": lazy_gettext("Items"),
    "picture": lazy_gettext("Pictures of items"),
    "bulk_deed": lazy_gettext("Many items at once"),
    "saved_filter": lazy_gettext("Filters of the item list"),
    "exam_blueprint": lazy_gettext("Exam blueprints"),
    "exam_form": lazy_gettext("Exam forms"),
    "framework": lazy_gettext("Framework"),
    "requirements": lazy_gettext("Endorsement requirements"),
    "exam_policy": lazy_gettext("Exam policies"),
    "endorsement_file": lazy_gettext("Endorsement files"),
    "administration": lazy_gettext("Administrations"),
    "registration": lazy_gettext("Registrations"),
    "incident": lazy_gettext("Incidents"),
    "attempt_part": lazy_gettext("Parts of attempts"),
    "essay_response": lazy_gettext("Essays"),
    "rating_task": lazy_gettext("Essay readings"),
}

SENTENCES = {
    "user.created": lazy_gettext("made an account for %(thing)s"),
    "user.invited": lazy_gettext("sent an invitation to %(thing)s"),
    "user.joined": lazy_gettext("accepted the invitation"),
    "user.changed": lazy_gettext("changed the account of %(thing)s"),
    "user.areas_said": lazy_gettext("said which areas %(thing)s knows"),
    "user.deactivated": lazy_gettext("deactivated the account of %(thing)s"),
    "user.reactivated": lazy_gettext("reactivated the account of %(thing)s"),
    "user.password_reset_asked": lazy_gettext("sent %(thing)s an address to choose a new password, as somebody asked"),
    "user.password_set": lazy_gettext("chose a password"),
    "user.signed_in": lazy_gettext("signed in"),
    "user.signed_out": lazy_gettext("signed out a browser of %(thing)s"),
    "user.signed_out_elsewhere": lazy_gettext("signed out everywhere else"),
    "mail.tried_again": lazy_gettext("asked to send the mail “%(thing)s” again"),
    "picture.added": lazy_gettext("added a picture"),
    "item.begun": lazy_gettext("began item %(thing)s"),
    "item.draft_saved": lazy_gettext("saved a draft of item %(thing)s"),
    "item.version_begun": lazy_gettext("began a new version of item %(thing)s"),
    "item.submit": lazy_gettext("submitted item %(thing)s for review"),
    "item.send_back": lazy_gettext("sent item %(thing)s back to its author"),
    "item.pass_content": lazy_gettext("passed the content of item %(thing)s"),
    "item.approve": lazy_gettext("approved item %(thing)s"),
    "item.try_out": lazy_gettext("let item %(thing)s be tried out"),
    "item.put_to_use": lazy_gettext("put item %(thing)s to use"),
    "item.take_back": lazy_gettext("took item %(thing)s back to where it was"),
    "item.conflict_declared": lazy_gettext("declared a conflict of interest for item %(thing)s"),
    "item.commented": lazy_gettext("commented on item %(thing)s"),
    "item.comment_settled": lazy_gettext("settled a comment on item %(thing)s"),
    "item.enemy_declared": lazy_gettext("made item %(thing)s the enemy of another"),
    "item.enemy_reconciled": lazy_gettext("let item %(thing)s meet its enemy again"),
    "item.set_joined": lazy_gettext("put item %(thing)s into a vignette set"),
    "item.set_left": lazy_gettext("took item %(thing)s out of its vignette set"),
    "item.retire": lazy_gettext("retired item %(thing)s"),
    "item.restore": lazy_gettext("took back the retirement of item %(thing)s"),
    "item.review_asked": lazy_gettext("asked for a review of item %(thing)s"),
    "item.review_not_asked": lazy_gettext("took back the request to review item %(thing)s"),
    "items.bulk_tag": lazy_gettext("changed a tag of many items at once"),
    "items.bulk_assign": lazy_gettext("asked for many reviews at once"),
    "items.bulk_try_out": lazy_gettext("let many items be tried out at once"),
    "items.bulk_put_to_use": lazy_gettext("put many items to use at once"),
    "items.bulk_retire": lazy_gettext("retired many items at once"),
    "items.bulk_undone": lazy_gettext("took back a change of many items"),
    "filter.kept": lazy_gettext("kept a filter of the item list"),
    "filter.renamed": lazy_gettext("renamed a filter of the item list"),
    "filter.removed": lazy_gettext("removed a filter of the item list"),
    "item.released_as_sample": lazy_gettext("released item %(thing)s as a sample"),
    "items.exported": lazy_gettext("downloaded items (%(thing)s)"),
    "items.import_undone": lazy_gettext("undid the import of %(thing)s"),
    "items.columns_chosen": lazy_gettext("said what the columns of %(thing)s are"),
    "items.imported": lazy_gettext("imported items from %(thing)s"),
    "exam_blueprint.created": lazy_gettext("made the exam blueprint “%(thing)s”"),
    "exam_blueprint.changed": lazy_gettext("changed the exam blueprint “%(thing)s”"),
    "exam_form.drafted": lazy_gettext("drafted the exam form “%(thing)s”"),
    "exam_form.exchanged": lazy_gettext("exchanged an item of the exam form “%(thing)s”"),
    "exam_form.trial_added": lazy_gettext("added a question to be tried out to the exam form “%(thing)s”"),
    "exam_form.trial_removed": lazy_gettext("took a question to be tried out off the exam form “%(thing)s”"),
    "exam_form.discarded": lazy_gettext("discarded a draft of an exam form"),
    "exam_form.sealed": lazy_gettext("sealed the exam form “%(thing)s”"),
    "framework.version_added": lazy_gettext("added version %(thing)s of the framework"),
    "requirements.version_added": lazy_gettext("added version %(thing)s of the endorsement requirements"),
    "exam_policy.version_added": lazy_gettext("added version %(thing)s of the exam policy"),
    "endorsement_file.opened": lazy_gettext("opened the endorsement file %(thing)s"),
    "component.recorded": lazy_gettext("recorded a requirement in the endorsement file %(thing)s"),
    "written_examination.recorded": lazy_gettext("recorded the written examination in the endorsement file %(thing)s"),
    "administration.opened": lazy_gettext("announced the administration “%(thing)s”"),
    "practice.opened": lazy_gettext("opened the practice examination “%(thing)s”"),
    "practice.ended": lazy_gettext("ended the practice examination “%(thing)s”"),
    "administration.changed": lazy_gettext("changed the administration “%(thing)s”"),
    "administration.entry_rules_changed": lazy_gettext("changed the entry rules of “%(thing)s”"),
    "administration.extended": lazy_gettext("made the window of “%(thing)s” longer"),
    "administration.cancelled": lazy_gettext("cancelled the administration “%(thing)s”"),
    "administration.scored": lazy_gettext("scored the administration “%(thing)s”"),
    "registration.registered": lazy_gettext("made the registration %(thing)s"),
    "registration.practice_begun": lazy_gettext("began a practice examination, registration %(thing)s"),
    "registration.admitted": lazy_gettext("admitted the registration %(thing)s to the room"),
    "registration.withdrawn": lazy_gettext("withdrew the registration %(thing)s"),
    "registration.voided": lazy_gettext("voided the registration %(thing)s"),
    "registration.accommodation_granted": lazy_gettext("granted an accommodation for the registration %(thing)s"),
    "registration.accommodation_revoked": lazy_gettext("revoked an accommodation for the registration %(thing)s"),
    "registration.let_in": lazy_gettext("let the registration %(thing)s in on any computer"),
    "registration.accommodation_asked": lazy_gettext("asked for an accommodation for the registration %(thing)s"),
    "registration.accommodation_request_withdrawn": lazy_gettext(
        "withdrew the request for an accommodation for the registration %(thing)s"
    ),
    "registration.accommodation_request_decided": lazy_gettext(
        "decided about the accommodation asked for the registration %(thing)s"
    ),
    "attempt.honour_accepted": lazy_gettext("accepted the honour statement for the registration %(thing)s"),
    "part.started": lazy_gettext("started a part for the registration %(thing)s"),
    "part.time_given": lazy_gettext("gave time for the registration %(thing)s"),
    "part.paused": lazy_gettext("stopped the clock of the registration %(thing)s"),
    "part.resumed": lazy_gettext("let the clock of the registration %(thing)s run on"),
    "part.break_started": lazy_gettext("began a break, for the registration %(thing)s"),
    "part.break_ended": lazy_gettext("ended a break, for the registration %(thing)s"),
    "part.closed": lazy_gettext("closed a part for the registration %(thing)s"),
    "part.lease_taken_over": lazy_gettext("went on writing in another window, for the registration %(thing)s"),
    "attempt.replayed": lazy_gettext("looked at the replay of the registration %(thing)s"),
    "paper.printed": lazy_gettext("printed a part of “%(thing)s” on paper"),
    "paper.entry_begun": lazy_gettext("began to type in answers from paper for the registration %(thing)s"),
    "paper.entry_finished": lazy_gettext("typed in answers from paper for the registration %(thing)s"),
    "paper.entry_corrected": lazy_gettext("corrected answers typed in from paper for the registration %(thing)s"),
    "paper.entry_discarded": lazy_gettext("discarded answers typed in from paper for the registration %(thing)s"),
    "paper.transferred": lazy_gettext("made the attempt of the answers on paper, for the registration %(thing)s"),
    "late_changes.proposed": lazy_gettext("proposed to count late changes of the registration %(thing)s"),
    "late_changes.accepted": lazy_gettext("confirmed that late changes of the registration %(thing)s count"),
    "late_changes.declined": lazy_gettext("declined to count late changes of the registration %(thing)s"),
    "late_changes.left_out": lazy_gettext("left out late changes of the registration %(thing)s"),
    "incident.recorded": lazy_gettext("noted an incident during “%(thing)s”"),
    "message.sent": lazy_gettext("sent a message to the room of “%(thing)s”"),
    "device.checked": lazy_gettext("tried the device for the registration %(thing)s"),
    "essays.collected": lazy_gettext("collected the essays of “%(thing)s”"),
    "readings.assigned": lazy_gettext("assigned the essays of “%(thing)s” to raters"),
    "reading.locked": lazy_gettext("locked the reading %(thing)s"),
    "reading.reassigned": lazy_gettext("gave a reading of the essay %(thing)s to another rater"),
    "adjudication.opened": lazy_gettext("opened the adjudication of the essay %(thing)s"),
    "rater_conflict.declared": lazy_gettext("noted a conflict of interest of %(thing)s"),
    "rater_conflict.removed": lazy_gettext("removed a conflict of interest of %(thing)s"),
    "release.proposed": lazy_gettext("proposed to release the results of “%(thing)s”"),
    "release.withdrawn": lazy_gettext("withdrew the proposed release of “%(thing)s”"),
    "release.confirmed": lazy_gettext("released the results of “%(thing)s”"),
}

DETAILS = {
    "access_code": lazy_gettext("Access code asked"),
    "added": lazy_gettext("Added"),
    "allowed_networks": lazy_gettext("Allowed networks"),
    "anchor": lazy_gettext("Place"),
    "areas": lazy_gettext("Areas of expertise"),
    "browser_exam_keys": lazy_gettext("Browser Exam Keys"),
    "candidate": lazy_gettext("Candidate"),
    "candidates": lazy_gettext("Candidates"),
    "category": lazy_gettext("Kind"),
    "changes": lazy_gettext("Changes"),
    "closed_by": lazy_gettext("Closed by"),
    "closes_at": lazy_gettext("Closes"),
    "code_changed": lazy_gettext("Access code changed"),
    "config_keys": lazy_gettext("Config Keys"),
    "count": lazy_gettext("Number"),
    "deadline": lazy_gettext("New deadline"),
    "decision": lazy_gettext("Decision"),
    "due_at": lazy_gettext("To be decided by"),
    "due_on": lazy_gettext("To be reviewed by"),
    "email": lazy_gettext("E-mail address"),
    "enemy": lazy_gettext("Enemy"),
    "entered_by": lazy_gettext("Typed in by"),
    "essays": lazy_gettext("Essays"),
    "factor": lazy_gettext("Time multiplied by"),
    "from_rater": lazy_gettext("From"),
    "key_version": lazy_gettext("Version of the key"),
    "language": lazy_gettext("Language"),
    "level": lazy_gettext("Level"),
    "locale": lazy_gettext("Language"),
    "name": lazy_gettext("Name"),
    "note": lazy_gettext("Reason"),
    "number": lazy_gettext("Number"),
    "opens_at": lazy_gettext("Opens"),
    "outcome": lazy_gettext("Outcome"),
    "part": lazy_gettext("Part"),
    "parts": lazy_gettext("Parts"),
    "policy_version": lazy_gettext("Version of the exam policy"),
    "raters": lazy_gettext("Raters"),
    "reading": lazy_gettext("Reading"),
    "readings": lazy_gettext("Readings"),
    "reason": lazy_gettext("Reason"),
    "reasons": lazy_gettext("Reasons"),
    "recipient": lazy_gettext("To"),
    "record": lazy_gettext("Record"),
    "records": lazy_gettext("Records"),
    "removed": lazy_gettext("Removed"),
    "replaces": lazy_gettext("Replaces"),
    "requirement": lazy_gettext("Requirement"),
    "registration": lazy_gettext("Registration"),
    "reviewer": lazy_gettext("Reviewer"),
    "roles": lazy_gettext("Roles"),
    "run": lazy_gettext("Scoring run"),
    "seconds": lazy_gettext("Time given"),
    "extra_minutes": lazy_gettext("Minutes more"),
    "break_minutes": lazy_gettext("Minutes of breaks"),
    "arrangements": lazy_gettext("Arrangements"),
    "set": lazy_gettext("Vignette set"),
    "size": lazy_gettext("Print"),
    "slot_group": lazy_gettext("Slot group"),
    "state": lazy_gettext("State"),
    "time_zone": lazy_gettext("Time zone"),
    "title": lazy_gettext("Title"),
    "to_rater": lazy_gettext("To"),
    "total": lazy_gettext("Items"),
    "track": lazy_gettext("Track"),
    "version": lazy_gettext("Version"),
    "wants_digest": lazy_gettext("Daily mail about the item bank"),
}

CODE_WORD = re.compile(r"[a-z]+([-_][a-z0-9]+)+")
WORDS = {
    "candidate": lazy_gettext("the candidate"),
    "False": lazy_gettext("no"),
    "True": lazy_gettext("yes"),
    "clinical": lazy_gettext("Clinical"),
    "deadline": lazy_gettext("the clock"),
    "en": "English",
    "environment": lazy_gettext("the room"),
    "es": "Español",
    "fail": lazy_gettext("not passed"),
    "granted": lazy_gettext("granted"),
    "large": lazy_gettext("large print"),
    "met": lazy_gettext("met"),
    "normal": lazy_gettext("normal print"),
    "no_show": lazy_gettext("did not come"),
    "part_one": lazy_gettext("Part One"),
    "part_two": lazy_gettext("Part Two"),
    "partly_granted": lazy_gettext("granted in part"),
    "pass": lazy_gettext("passed"),
    "policy": lazy_gettext("Policy"),
    "refused": lazy_gettext("not granted"),
    "research_faculty": lazy_gettext("Research Faculty"),
    "staff": lazy_gettext("staff"),
    "technical": lazy_gettext("technical"),
    "void": lazy_gettext("void"),
}


def sentence_about(event: AuditEvent, names: Names) -> str:
    """What somebody did, to stand after their name."""
    sentence = SENTENCES.get(event.action)
    thing = names.thing(event)
    if sentence is None:
        deed = event.action.replace("_", " ").replace(".", ": ")
        return _("%(deed)s (%(thing)s)", deed=deed, thing=thing)
    return str(sentence) % {"thing": thing}


def details_of(event: AuditEvent, names: Names) -> list[tuple[str, str | Markup]]:
    """What else the row says, as (label, value); what only machines read is left out."""
    return [
        (str(DETAILS[key]), value)
        for key, value in unfolded(event.details, names)
        if key in DETAILS and value not in ("", "–")
    ]


def unfolded(details: dict[str, Any], names: Names) -> Iterator[tuple[str, str | Markup]]:
    """Every detail by its key. A change shows as “before → after”, and not at all when nothing changed."""
    changes = {key: value for key, value in details.items() if isinstance(value, dict) and set(value) == {"from", "to"}}
    if isinstance(details.get("before"), dict) and isinstance(details.get("after"), dict):
        before, after = details["before"], details["after"]
        changes |= {key: {"from": before.get(key), "to": after[key]} for key in after if before.get(key) != after[key]}
    for key, value in details.items():
        if not isinstance(value, dict):
            yield key, written(key, value, names)
    for key, change in changes.items():
        arrow = Markup('{} <span aria-hidden="true">→</span><span class="usa-sr-only">{}</span> {}')
        yield key, arrow.format(written(key, change["from"], names), _("becomes"), written(key, change["to"], names))


def written(key: str, value: Any, names: Names) -> str | Markup:
    """One value as people write it."""
    if isinstance(value, list):
        return Markup(", ").join(escape(written(key, part, names)) for part in value)
    if value is None or value == "":
        return "–"
    if key in PEOPLE_DETAILS:
        return names.people.get(value, "–")
    if key == "areas":
        return rule_text(names.areas[value])
    if key == "anchor":
        return label_of(str(value))
    if key == "due_on":
        return show_date(date.fromisoformat(str(value)))
    if key == "seconds":
        return show_duration(value)
    if key == "roles":
        return next((str(name) for role, name in ROLE_NAMES.items() if role == value), str(value))
    moment = moment_in(value) if isinstance(value, str) else None
    if moment is not None:
        return show_datetime(moment)
    return word(str(value)) if key not in ("note", "reason", "name", "title") else str(value)


def word(value: str) -> str:
    """A word of the code as people say it; everything else as it is."""
    if value in WORDS:
        return str(WORDS[value])
    return re.sub("[-_]", " ", value) if CODE_WORD.fullmatch(value) else value


def moment_in(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
