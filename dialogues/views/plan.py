"""Plans: the list with its trees, one plan, registering and editing, and the moves."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.domain.attachment import files_beside, files_in
from cchc.organization import access
from cchc.web import markup
from cchc.web.domain import draft as drafts
from cchc.web.paging import page_of
from cchc.web.search import FoldedVector, matching
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import NotAllowed, Refused, offers, perform
from cchc.workflow.flow import flow_of
from dialogues import permissions
from dialogues.domain import plan as plans
from dialogues.domain.directive_draft import may_add
from dialogues.domain.directive_page import warnings
from dialogues.domain.plan_tree import Node, tree_of, trees
from dialogues.enums import PlanKind, PlanState
from dialogues.forms.move import NoteForm
from dialogues.forms.plan import PlanFilter, PlanForm
from dialogues.models import Conference, Directive, Plan
from dialogues.presentation_directive import meter
from dialogues.views.conference_history import timeline
from dialogues.views.directive_rows import directive_rows
from dialogues.views.move import send_again

ORDER = ("-issued_on", "number", "id")
BADGES = {
    PlanState.DRAFT: ("", "s0"),
    PlanState.IN_FORCE: ("is-prep", "s2"),
    PlanState.COMPLETED: ("is-done", "s4"),
    PlanState.CANCELLED: ("", "sx"),
}
DONE = {
    "issue": gettext_lazy("The plan is in force."),
    "complete": gettext_lazy("The plan is completed."),
    "cancel": gettext_lazy("The plan is cancelled."),
    "resume": gettext_lazy("The plan is in force again."),
}


@dataclass(frozen=True)
class Line:
    """One plan of a list, ready to print; *depth* is how far it stands below the first."""

    plan: Plan
    badge: SafeString
    meter: SafeString
    depth: int = 0

    @property
    def indent(self) -> int:
        """A step of Bootstrap's spacing, from which on three levels can be told apart."""
        return min(self.depth + 2, 5) if self.depth else 0


def badge(plan: Plan) -> SafeString:
    tone, sign = BADGES[PlanState(plan.state)]
    return markup.state_badge(plan.get_state_display(), tone, sign)


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Trees, by what stands on top; filtered, a plain list."""
    seen = Plan.objects.visible_to(request.user)
    chosen = _chosen(request)
    rows = _filtered(seen, chosen) if chosen else _tops(seen)
    page = page_of(request, rows.select_related("issuer", "implements"), ORDER)
    nodes = trees(page.rows, request.user)
    lines = [_line(node) for node in nodes] if chosen else list(_walk(nodes, 0))
    context = {
        "page": page,
        "lines": lines,
        "chosen": chosen,
        "kinds": PlanKind.choices,
        "states": PlanState.choices,
        "may_create": access.holds(request.user, permissions.MANAGE_PLANS),
    }
    return render(request, "dialogues/plan_list.html", context)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    form = PlanFilter(request.GET)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


def _filtered(rows: QuerySet[Plan], chosen: dict[str, Any]) -> QuerySet[Plan]:
    if "q" in chosen:
        rows = matching(rows.alias(search=FoldedVector("number", "abstract")), chosen["q"])
    if "year" in chosen:
        rows = rows.filter(issued_on__year=chosen["year"])
    return rows.filter(**{name: chosen[name] for name in ("kind", "state") if name in chosen})


def _tops(seen: QuerySet[Plan]) -> QuerySet[Plan]:
    """Plans above which the person sees none."""
    return seen.filter(Q(implements__isnull=True) | ~Q(implements__in=seen.values("pk")))


def _walk(level: Iterable[Node], depth: int) -> Iterator[Line]:
    for node in level:
        yield _line(node, depth)
        yield from _walk(node.children, depth + 1)


def _line(node: Node, depth: int = 0) -> Line:
    whole = node.whole
    return Line(node.plan, badge(node.plan), meter(whole.percent) if whole.tasks else markup.NOTHING, depth)


@dataclass(frozen=True)
class Drawn:
    """A plan in the drawing of its tree: *own* is how far its tasks are, *whole* with those of all below it."""

    node: Node
    badge: SafeString
    own: SafeString
    whole: SafeString
    children: list[Drawn]

    @property
    def below(self) -> bool:
        """Whether there is more to tell of the whole than of its own tasks."""
        return self.node.whole.tasks > self.node.own.tasks


def _drawn(node: Node) -> Drawn:
    children = [_drawn(child) for child in node.children]
    own = meter(node.own.percent, _("Its own tasks"))
    return Drawn(node, badge(node.plan), own, meter(node.whole.percent, _("With all below it")), children)


def _load(request: HttpRequest, pk: UUID, **beside: Any) -> Any:
    """The plan with what is read *beside* it, if the person may see it."""
    seen = Plan.objects.visible_to(request.user).select_related("host", "issuer", "implements")
    return get_object_or_404(seen.annotate(**beside), pk=pk)


@require_safe
def plan_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan, today, days = _load(request, pk, files=files_beside("dialogues.plan")), timezone.localdate(), calendar()
    manages = access.can(request.user, permissions.MANAGE_PLANS, plan.host)
    tree = tree_of(plan, request.user)
    tasks = Directive.objects.visible_to(request.user).filter(plan=plan).select_related("lead", "turn__unit")
    found = list(tasks.order_by("number"))
    for each in found:
        each.plan = plan
    rows = directive_rows(found, request.user, today, days)
    context = {
        "plan": plan,
        "badge": badge(plan),
        "tree": _drawn(tree) if tree.children else None,
        "tasks": [(row, warnings(row.directive, today, days) if manages else []) for row in rows],
        "may_add": may_add(plan, request.user),
        "conferences": list(
            Conference.objects.visible_to(request.user).filter(plan=plan).defer("guest_key").newest_first()[:50]
        ),
        "files": files_in(plan.files),
        "warnings": plans.warnings(plan) if manages else [],
        "may_edit": manages,
        "offers": offers(plan, request.user),
        "base": f"{reverse('plan_show', args=[plan.pk])}do/",
        "entries": timeline(plan, inside=manages, without=("directive",)),
    }
    return render(request, "dialogues/plan_show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_create(request: HttpRequest) -> HttpResponse:
    if not access.holds(request.user, permissions.MANAGE_PLANS):
        raise Http404
    return _form_page(request, "plan-new", None)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = _load(request, pk)
    if not access.can(request.user, permissions.MANAGE_PLANS, plan.host):
        raise Http404
    return _form_page(request, f"plan-edit-{plan.pk}", plan)


def _form_page(request: HttpRequest, key: str, plan: Plan | None) -> HttpResponse:
    owner, refusal = drafts.owner_of(request), None
    options: dict[str, Any] = {"by": request.user, "instance": copy.copy(plan) if plan else None}
    if request.method == "POST":
        form = PlanForm(request.POST, request.FILES, **options)
        if form.is_valid():
            try:
                return _saved(request, key, _save(request, form, plan), created=plan is None)
            except Refused as refused:
                refusal = refused
                if plan:
                    send_again(form, plan, refused)
    else:
        typed = drafts.recall(owner, key)
        first = {"issued_on": timezone.localdate(), "kind": PlanKind.PLAN, **typed}
        form = PlanForm(initial=typed if plan else first, **options)
    context = {
        "form": form,
        "plan": plan,
        "refusal": refusal,
        "draft": drafts.find(owner, key) if not form.is_bound else None,
        "draft_url": reverse("draft_save", args=[key]),
    }
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "dialogues/plan_form.html", context, status=status)


def _save(request: HttpRequest, form: PlanForm, plan: Plan | None) -> Plan:
    at = timezone.now()
    if plan is None:
        return plans.register(by=request.user, at=at, **form.particulars)
    return plans.change(plan, by=request.user, at=at, seen=form.cleaned_data["seen"], **form.particulars)


def _saved(request: HttpRequest, key: str, plan: Plan, *, created: bool) -> HttpResponse:
    drafts.discard(drafts.owner_of(request), key)
    messages.success(request, _("The plan is registered as a draft.") if created else _("The plan is saved."))
    for sentence in plans.warnings(plan):
        messages.warning(request, sentence)
    return redirect("plan_show", plan.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_move(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    plan = _load(request, pk)
    if action not in DONE:
        raise Http404
    row = flow_of(plan).row(action)
    form = NoteForm(request.POST or None, subject=plan, needs_note=row.note_required)
    refusal = _not_offered(request, plan, action)
    if request.method == "POST" and form.is_valid():
        try:
            note, seen = form.cleaned_data.get("note", ""), form.cleaned_data["seen"]
            perform(plan, action, by=request.user, at=timezone.now(), note=note, seen=seen)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, DONE[action])
            return redirect("plan_show", plan.pk)
    status = refusal.status if refusal else 400 if form.is_bound else 200
    context = {"plan": plan, "row": row, "form": form, "refusal": refusal}
    return render(request, "dialogues/plan_move.html", context, status=status)


def _not_offered(request: HttpRequest, plan: Plan, action: str) -> Refused | None:
    """Why the move is not among the offers: the plan stands elsewhere by now, or the right is somebody else's."""
    if any(each.action == action for each in offers(plan, request.user)):
        return None
    if plan.state not in flow_of(plan).row(action).sources:
        return Refused(_("This has moved on in the meantime."))
    return NotAllowed(_("This step is not among your rights here."))
