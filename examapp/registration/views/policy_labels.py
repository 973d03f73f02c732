"""What the values of an exam policy are called where two versions are compared."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _

from examapp.endorsements.forms import level_label
from examapp.registration.exam_policies import PolicyChange
from examapp.registration.forms.policies import (
    CONFIRMABLE,
    DATES_LABELS,
    FEEDBACK_LABELS,
    ChangePolicyForm,
    PartRow,
    SlotGroupRow,
)
from examapp.shell import rule_text
from question_bank.exam_policy import ExamPolicy
from question_bank.framework import Framework

# Fields that take one of a few words, with what the words mean.
CHOICES: dict[tuple[str, ...], dict[str, LazyString]] = {
    ("dates",): {choice.value: label for choice, label in DATES_LABELS.items()},
    ("feedback",): {choice.value: label for choice, label in FEEDBACK_LABELS.items()},
}


@dataclass(frozen=True)
class ShownChange:
    """A difference as people read it."""

    label: str
    before: str
    after: str


def shown_change(change: PolicyChange, old: ExamPolicy, new: ExamPolicy, framework: Framework) -> ShownChange:
    return ShownChange(
        label_of(change.path, old, new, framework),
        shown_value(change.path, change.before),
        shown_value(change.path, change.after),
    )


def label_of(path: tuple[str, ...], old: ExamPolicy, new: ExamPolicy, framework: Framework) -> str:
    """“Part One: Minutes” for ("parts", "part_one", "minutes")."""
    match path:
        case ("parts", code, field):
            titles = {part.code: part.title for policy in (old, new) for part in policy.parts}
            return f"{rule_text(titles[code])}: {field_label(PartRow, field)}"
        case ("slot_groups", code, field):
            titles = {group.code: group.title for policy in (old, new) for group in policy.slot_groups}
            return f"{rule_text(titles[code])}: {field_label(SlotGroupRow, field)}"
        case ("requirements", place, _field):
            level, _space, track = place.partition(" ")
            required = _("Required")
            return f"{required}: {level_label(framework, int(level), track)}"
        case ("level_marks", level):
            return _("Marks of rubric level %(level)s", level=level)
        case ("to_be_confirmed",):
            return _("Still to be confirmed")
        case _:
            return field_label(ChangePolicyForm, path[-1])


def field_label(form: type, name: str) -> str:
    """The label of a field of a form class; level and track are edited as one."""
    field = getattr(form, "place" if name in ("level", "track") else name, None)
    return str(field.args[0]) if field and field.args else name


def shown_value(path: tuple[str, ...], value: str | None) -> str:
    if path == ("to_be_confirmed",) and value:
        return "; ".join(str(CONFIRMABLE.get(name, name)) for name in value.split(", "))
    if path in CHOICES:
        return str(CHOICES[path].get(value or "", value or "–"))
    return {"True": _("Yes"), "False": _("No")}.get(value or "", value or "–")
