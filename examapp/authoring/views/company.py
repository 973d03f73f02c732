"""Which items an item never meets on a form (enemies), and which it always stands with (its vignette set)."""

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import Field

from examapp.authoring.forms.company import DeclareEnemyForm, JoinSetForm
from examapp.authoring.views.items import load_item, names_of
from examapp.authoring.views.routes import bp
from examapp.clock import now
from examapp.db import db_session
from examapp.errors import sentence_of
from examapp.policies import Right, has_right
from examapp.security import acting_user, requires
from question_bank import enemies, item_sets, rule_documents
from question_bank.errors import RuleViolation
from question_bank.exam_forms.composition import groups_for
from question_bank.exam_policy import policy_of
from question_bank.item_kinds import QUESTIONS
from question_bank.items import Item, ItemKind
from question_bank.rule_documents import DocumentKind

Deed = Callable[[Item], object]


@bp.get("/bank/items/<code>/company")
@requires(Right.SEE_BANK)
def company(code: str) -> str:
    return company_page(load_item(code), DeclareEnemyForm(formdata=None), JoinSetForm(formdata=None))


def company_page(item: Item, enemy_form: DeclareEnemyForm, set_form: JoinSetForm) -> str:
    session = db_session()
    foes, members = enemies.enemies_of(session, item), item_sets.set_of(session, item)
    return render_template(
        "authoring/company.html",
        item=item,
        enemies=foes,
        names=names_of(enemy.pair.declared_by_id for enemy in foes),
        members=members,
        unlike=item_sets.unlike(session, item.latest),
        may_write=has_right(acting_user(), Right.WRITE_ITEMS),
        is_question=item.kind in QUESTIONS,
        too_many=item.kind is ItemKind.ESSAY and fits_nowhere(members),
        enemy_form=enemy_form,
        set_form=set_form,
    )


def fits_nowhere(essays: Sequence[Item]) -> bool:
    """Whether the newest exam policy has no slot group that could take all of a set."""
    document = rule_documents.newest(db_session(), DocumentKind.EXAM_POLICY)
    bound = [item.latest for item in essays if item_sets.is_bound(item)]
    return document is not None and bool(bound) and not groups_for(bound, policy_of(document))


@bp.post("/bank/items/<code>/enemies")
@requires(Right.WRITE_ITEMS, Right.REVIEW_ITEMS)
def declare_enemy(code: str) -> Response | tuple[str, int]:
    item, form = load_item(code), DeclareEnemyForm()
    by, at = acting_user().id, now()
    if carried_out(
        form, form.enemy, lambda o: enemies.declare(db_session(), item, o, reason=form.reason.data, by=by, at=at)
    ):
        flash(_("%(one)s and %(other)s do not meet on a form any more.", one=code, other=form.enemy.data), "success")
        return redirect(url_for("authoring.company", code=code))
    return company_page(item, form, JoinSetForm(formdata=None)), 422


@bp.post("/bank/items/<code>/enemies/<other>/reconcile")
@requires(Right.WRITE_ITEMS, Right.REVIEW_ITEMS)
def reconcile_enemies(code: str, other: str) -> Response:
    enemies.reconcile(db_session(), load_item(code), load_item(other), by=acting_user().id, at=now())
    db_session().commit()
    flash(_("%(one)s and %(other)s may stand on one form again.", one=code, other=other), "success")
    return redirect(url_for("authoring.company", code=code))


@bp.post("/bank/items/<code>/set")
@requires(Right.WRITE_ITEMS)
def join_set(code: str) -> Response | tuple[str, int]:
    item, form = load_item(code), JoinSetForm()
    if carried_out(
        form, form.member, lambda other: item_sets.join(db_session(), item, other, by=acting_user().id, at=now())
    ):
        flash(_("%(code)s shares a vignette with %(other)s now.", code=code, other=form.member.data), "success")
        return redirect(url_for("authoring.company", code=code))
    return company_page(item, DeclareEnemyForm(formdata=None), form), 422


@bp.post("/bank/items/<code>/set/leave")
@requires(Right.WRITE_ITEMS)
def leave_set(code: str) -> Response:
    item_sets.leave(db_session(), load_item(code), by=acting_user().id, at=now())
    db_session().commit()
    flash(_("%(code)s stands alone now. It keeps its copy of the vignette.", code=code), "success")
    return redirect(url_for("authoring.company", code=code))


@bp.post("/bank/items/<code>/set/share")
@requires(Right.WRITE_ITEMS)
def share_vignette(code: str) -> Response:
    changed = item_sets.share_with_set(db_session(), load_item(code), by=acting_user().id, at=now())
    db_session().commit()
    flash(
        ngettext("%(num)s item has the vignette now.", "%(num)s items have the vignette now.", len(changed)), "success"
    )
    return redirect(url_for("authoring.company", code=code))


def carried_out(form: FlaskForm, names: Field, deed: Deed) -> bool:
    """Do it with the item that a field names; what hinders it is said beside the field."""
    if not form.validate():
        return False
    other = db_session().scalar(select(Item).where(Item.code == names.data))
    if other is None:
        names.errors = [_("The bank has no item of this code.")]
        return False
    try:
        deed(other)
    except RuleViolation as violation:
        names.errors = [sentence_of(violation)]
        db_session().rollback()
        return False
    db_session().commit()
    return True
