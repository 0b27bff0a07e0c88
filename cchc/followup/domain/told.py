"""Who has been told of a thing: every notice of its events and of its due days, with whether it was read and sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from cchc.followup.models import Delivery
from cchc.organization.models import Person
from cchc.workflow.flow import FLOWS, Sentence, duty
from cchc.workflow.models import Event, Notice, Obligation

ORDER = ("-id",)


def _everything(name: str) -> bool:
    return True


@dataclass(frozen=True)
class Insider:
    """What somebody at work on a thing may know of who was told of it.

    *unnamed*: people (by id) whose names are not his to know where they were told without owing anything, and the words
    that stand for them. *knows_step* and *knows_duty*: whether he may know of an action of the flow, of a kind of duty.
    """

    unnamed: Mapping[int, Sentence] = field(default_factory=dict)
    knows_step: Callable[[str], bool] = _everything
    knows_duty: Callable[[str], bool] = _everything


@dataclass(frozen=True)
class ToldLine:
    """One person told of one thing. *of*: what happened, or which due day it is about."""

    notice: Notice
    name: Sentence
    of: str
    reminder: bool

    @property
    def deliveries(self) -> list[Delivery]:
        return list(self.notice.deliveries.all())


def insider(person: Person, subject_type: str, subject_id: str) -> Insider | None:
    """The standing of *person*, as the thing's domain says (settings.SUBJECT_INSIDERS); None for everybody else."""
    name = settings.SUBJECT_INSIDERS.get(subject_type)
    if name is None:
        return None
    ask: Callable[[Person, str], Insider | None] = import_string(name)
    return ask(person, subject_id)


def notices_about(subject_type: str, subject_id: str, known: Insider) -> QuerySet[Notice]:
    """Every notice of the thing, as far as the insider may know; in no order."""
    of = {"subject_type": subject_type, "subject_id": subject_id}
    events = [pk for pk, step in Event.objects.filter(**of).values_list("pk", "action") if known.knows_step(step)]
    duties = [pk for pk, kind in Obligation.objects.filter(**of).values_list("pk", "kind") if known.knows_duty(kind)]
    sent = Prefetch("deliveries", Delivery.objects.order_by("made_at"))
    rows = Notice.objects.filter(Q(event__in=events) | Q(obligation__in=duties))
    return rows.select_related("person", "event", "obligation", "reminded_by").prefetch_related(sent)


def lines(notices: Iterable[Notice], known: Insider) -> list[ToldLine]:
    """The rows as lines, in their order."""
    return [_line(notice, known) for notice in notices]


def _line(notice: Notice, known: Insider) -> ToldLine:
    hidden = "" if notice.capacity else known.unnamed.get(notice.person_id, "")
    return ToldLine(notice, hidden or notice.person.full_name, _of(notice), notice.event is None)


def _of(notice: Notice) -> str:
    if notice.event:
        flow = FLOWS.get(notice.event.subject_type)
        return str(flow.done(notice.event.action)) if flow else notice.event.action
    owed = notice.obligation
    assert owed is not None and notice.due_on is not None
    words = {"duty": duty(owed.subject_type, owed.kind), "day": f"{notice.due_on:%d/%m/%Y}"}
    said = _("%(duty)s: due on %(day)s") % words
    if notice.reminded_by is None:
        return said
    return _("%(duty_and_day)s; reminded by %(name)s") % {"duty_and_day": said, "name": notice.reminded_by.full_name}
