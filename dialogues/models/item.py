"""One opinion, question or proposal, from whoever raised it to the promise that was kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.organization.models import Person, Position, Unit
from cchc.web.search import FoldedVector
from cchc.workflow.models import Subject
from dialogues import permissions
from dialogues.enums import (
    ENTERED_CHANNELS,
    AnswerMode,
    Audience,
    Channel,
    Identity,
    ItemKind,
    ItemState,
    Outcome,
    ProperChannel,
)
from dialogues.models.conference import Conference
from dialogues.models.delegation import of_named_units

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from .answer import Answer

S = ItemState
# Their answer lies before everybody who may see the conference.
PUBLIC_STATES = (S.PUBLISHED, S.PROMISED, S.REPORTED, S.CLOSED)
# Nobody's turn any more.
ENDED_STATES = (S.CLOSED, S.MERGED, S.DECLINED, S.WITHDRAWN)
ANSWERED_STATES = (S.ANSWERED, *PUBLIC_STATES)
OPEN_STATES = tuple(state for state in S if state not in (S.DRAFT, *ENDED_STATES))

# The columns of a row of a list.
LISTED = (
    "state", "conference", "host", "kind", "number", "code", "title", "identity", "audience", "channel", "author",
    "submitted_at", "lead_unit", "escalated_at", "topic__name", "topic__name_en", "field__name", "field__name_en",
    "turn__kind", "turn__role", "turn__person", "turn__due_on", "turn__unit__name", "turn__unit__short_name",
    "answer__mode", "answer__kind", "answer__promised_on",
)  # fmt: skip

OUTCOME = Case(
    When(state=S.MERGED, then=Value(Outcome.MERGED)),
    When(state=S.DECLINED, then=Value(Outcome.DECLINED)),
    When(state=S.WITHDRAWN, then=Value(Outcome.WITHDRAWN)),
    When(state__in=(S.ESCALATED, S.RULED), then=Value(Outcome.ESCALATED)),
    When(state__in=ANSWERED_STATES, answer__mode=AnswerMode.LIVE, then=Value(Outcome.ANSWERED_LIVE)),
    When(state__in=ANSWERED_STATES, then=Value(Outcome.ANSWERED_WRITTEN)),
    default=Value(Outcome.OPEN),
    output_field=models.CharField(),
)


@dataclass(frozen=True)
class Ground:
    """One reason why a person sees items: *rows*, only in *states* and of *hosts* if these are named.

    *wide*: a whole branch of the tree lies within.
    """

    rows: Q = Q()
    hosts: tuple[int, ...] = ()
    states: tuple[ItemState, ...] = ()
    wide: bool = False

    @property
    def filter(self) -> Q:
        hosts = Q(host__in=self.hosts) if self.hosts else Q()
        return hosts & self.rows & (Q(state__in=self.states) if self.states else Q())


def grounds(person: Visitor) -> list[Ground]:
    """Every reason why *person* sees items; long lists read each by its own index (dialogues.domain.item_list)."""
    if not isinstance(person, Person):
        return []
    found = []
    if read := access.places(person, permissions.READ_ITEMS).ids:
        found.append(Ground(~Q(state=S.DRAFT), hosts=read))
    published = access.places(person, permissions.READ_PUBLISHED)
    if others := tuple(sorted(set(published.ids) - set(read))):
        found.append(Ground(hosts=others, states=PUBLIC_STATES))
    found += [Ground(_below(top), states=PUBLIC_STATES, wide=True) for top in published.branches]
    found += [Ground(_matters(post), states=PUBLIC_STATES, wide=True) for post in published.limited]
    escalated = access.places(person, permissions.READ_ESCALATED)
    found += [Ground(_below(top) & Q(escalated_at__isnull=False), wide=True) for top in escalated.branches]
    found += [Ground(_matters(post) & Q(escalated_at__isnull=False), wide=True) for post in escalated.limited]
    found.append(Ground(Q(author=person)))
    if routed := [post.unit_id for post, _reach in access.granted(person, permissions.READ_ROUTED)]:
        through = Item.coordinating.through.objects.filter(unit__in=routed)
        found += [Ground(Q(lead_unit__in=routed)), Ground(Q(pk__in=through.values("item")))]
    return found


def _below(top: Unit) -> Q:
    return Q(host__in=Unit.objects.below(top).values("pk"))


def _matters(post: Position) -> Q:
    """What an inspector sees who looks at matters of certain days, and of certain units, alone."""
    inside = _below(post.unit.command or post.unit) & post.matters("submitted_at")
    return inside & of_named_units(post, "lead_unit")


def each_once(found: Iterable[Ground]) -> Iterator[Ground]:
    """The same grounds, each without the rows of those before it: read one by one they give every row once."""
    before: list[Q] = []
    for ground in found:
        # Named hosts come first, and none is named twice.
        yield ground if ground.hosts else replace(ground, rows=reduce(and_, (~rows for rows in before), ground.rows))
        before.append(ground.filter)


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, person: Visitor) -> Self:
        """The one rule of who sees which item (security.md §4); a draft is its author's alone."""
        return self.filter(reduce(or_, (ground.filter for ground in grounds(person)), access.NOTHING))

    def received(self) -> Self:
        return self.exclude(state=S.DRAFT)

    def still_open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def public(self) -> Self:
        return self.filter(state__in=PUBLIC_STATES)

    def with_outcome(self) -> Self:
        return self.annotate(outcome=OUTCOME)

    def for_list(self) -> Self:
        """What a row of a list shows and no more: few tables, for a planner thinks long over many; few columns."""
        rows = self.select_related("turn__unit", "topic", "field", "answer").only(*LISTED)
        asked_at = Conference.objects.filter(pk=OuterRef("conference")).values("code")
        return rows.annotate(
            merged_count=_count(Item.objects.filter(merged_into=OuterRef("pk"))), asked_at=Subquery(asked_at)
        )

    def for_export(self) -> Self:
        rows = self.select_related("conference", "turn", "topic", "field", "lead_unit", "answer")
        return rows.defer("search", "answer__prepared_text", "answer__text", "answer__done_text")

    def for_library(self) -> Self:
        """The question with its last answer and where it was asked."""
        rows = self.select_related("conference", "host", "topic", "field", "answer").defer("search")
        return rows.annotate(merged_count=_count(Item.objects.filter(merged_into=OuterRef("pk"))))

    def for_page(self, person: Person) -> Self:
        """What the page of one item shows, but for its units (dialogues.domain.item_page)."""
        rows = self.select_related("conference", "turn", "topic", "field", "author", "answer")
        return rows.annotate(
            merged_count=_count(Item.objects.filter(merged_into=OuterRef("pk"))),
            support_count=_count(Support.objects.filter(item=OuterRef("pk"))),
            starred=Exists(Support.objects.filter(item=OuterRef("pk"), person=person)),
            coordinating_names=ArraySubquery(
                Unit.objects.filter(
                    pk__in=Item.coordinating.through.objects.filter(item=OuterRef(OuterRef("pk"))).values("unit")
                )
                .order_by("sort_key")
                .values("name")
            ),
        ).defer("search")

    def counts(self) -> dict[str, int]:
        """Received items by outcome; the terms add up to their sum by construction."""
        found = dict(self.received().with_outcome().order_by().values_list("outcome").annotate(n=Count("pk")))
        return {outcome.value: found.get(outcome.value, 0) for outcome in Outcome}


def _count(rows: models.QuerySet[Any]) -> Subquery:
    """The number of *rows*, which name the outer row, as a column."""
    number = Func(template="count(*)", output_field=models.IntegerField())
    return Subquery(rows.order_by().annotate(n=number).values("n"))


class Item(Subject):
    State = ItemState

    state = models.CharField(max_length=20, choices=ItemState.choices, default=ItemState.DRAFT)
    # Without an index of their own: those of lists begin with them.
    conference = models.ForeignKey("dialogues.Conference", models.PROTECT, related_name="items", db_index=False)
    # The conference's host, repeated here because every question of rights and every list asks for it.
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind.choices, default=ItemKind.QUESTION)
    number = models.PositiveIntegerField(null=True, editable=False)
    code = models.CharField(max_length=12, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("content"), max_length=4000)

    identity = models.CharField(_("identity"), max_length=10, choices=Identity.choices, default=Identity.NAMED)
    audience = models.CharField(_("asker"), max_length=20, choices=Audience.choices, default=Audience.OFFICERS)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, default=Channel.WEB_ADVANCE)
    author = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="items", db_index=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    asker_name = models.CharField(_("name"), max_length=120, blank=True)
    asker_contact = models.CharField(_("phone or e-mail"), max_length=120, blank=True)
    locality = models.CharField(_("place of residence"), max_length=120, blank=True)
    # Digests only: of the tracking code, and of the key that makes a form sent twice one item.
    tracking_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    submit_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)

    topic = models.ForeignKey(
        "dialogues.Topic", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("CCHC content")
    )
    field = models.ForeignKey(
        "dialogues.Field", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("professional field")
    )
    lead_unit = models.ForeignKey(
        "organization.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead unit"),
        db_index=False,
    )
    coordinating = models.ManyToManyField(
        "organization.Unit", related_name="+", blank=True, verbose_name=_("coordinating units")
    )
    prepare_by = models.DateField(_("prepare by"), null=True, blank=True)
    first_prepare_by = models.DateField(null=True, editable=False)
    on_floor = models.BooleanField(_("taken to the floor"), default=False, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    proper_channel = models.CharField(max_length=20, choices=ProperChannel.choices, blank=True)
    # The referral that stands, or the last one; earlier ones keep what they said of the item in their dispatches.
    escalation = models.ForeignKey(
        "dialogues.Escalation", models.PROTECT, null=True, editable=False, related_name="items"
    )
    # When it was first sent up: from then on the unit above may read it.
    escalated_at = models.DateTimeField(null=True, editable=False)
    contested_at = models.DateTimeField(null=True, editable=False)
    reopened_at = models.DateTimeField(null=True, editable=False)
    # The answer that stands or is being prepared; earlier ones stay in `answers`.
    answer = models.OneToOneField("dialogues.Answer", models.PROTECT, null=True, editable=False, related_name="+")

    search = models.GeneratedField(
        expression=FoldedVector(
            "code", "title", "text", scopes={"host": "host", "conference": "conference", "topic": "topic"}
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ItemQuerySet.as_manager()
    answers: RelatedManager[Answer]

    class Meta:
        indexes = (
            GinIndex(fields=["search"], name="item_search"),
            models.Index(fields=["host", "-submitted_at", "id"], name="item_newest_of_host"),
            models.Index(fields=["conference", "-submitted_at", "id"], name="item_newest_of_conference"),
            # Counted without reading the rows; the open ones of a host are found by it.
            models.Index(fields=["host", "state"], include=["turn"], name="item_of_host_in_state"),
            # What is open is a small part; its turn has the due date.
            models.Index(
                fields=["turn"], include=["host", "state", "id"], condition=Q(state__in=OPEN_STATES), name="item_open"
            ),
            # Read by those who see a province or the country, filtered by what is included.
            models.Index(
                fields=["-submitted_at", "id"],
                include=["host", "state", "topic", "field", "channel", "audience"],
                condition=Q(state__in=PUBLIC_STATES),
                name="item_newest_public",
            ),
            models.Index(
                fields=["-submitted_at", "id"], condition=Q(escalated_at__isnull=False), name="item_newest_escalated"
            ),
            models.Index(fields=["lead_unit", "-submitted_at"], name="item_of_lead_unit"),
            models.Index(fields=["author", "-submitted_at"], condition=Q(author__isnull=False), name="item_of_author"),
        )
        constraints = (
            models.UniqueConstraint(fields=["conference", "kind", "number"], name="item_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at__isnull=True)
                | ~Q(state="draft") & Q(submitted_at__isnull=False, number__isnull=False),
                name="item_submitted_has_time_and_number",
            ),
            models.CheckConstraint(
                condition=Q(identity="named")
                | Q(author__isnull=True, unit__isnull=True, asker_name="", asker_contact=""),
                name="item_anonymous_keeps_no_link",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | ~Q(state="merged") & Q(merged_into__isnull=True),
                name="item_merged_has_lead",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="item_not_merged_into_itself"),
            models.CheckConstraint(
                condition=~Q(state__in=("assigned", "promised", "reported")) | Q(lead_unit__isnull=False),
                name="item_assigned_has_lead_unit",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(proper_channel=""), name="item_declined_names_channel"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("escalated", "ruled")) | Q(escalation__isnull=False),
                name="item_escalated_has_escalation",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("answered", "published", "promised", "reported")) | Q(answer__isnull=False),
                name="item_answered_has_answer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    @property
    def is_anonymous(self) -> bool:
        return self.identity == Identity.ANONYMOUS

    @property
    def entered_for_others(self) -> bool:
        return self.channel in ENTERED_CHANNELS

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES


class Support(models.Model):
    """An officer who has the same concern; he is told what becomes of it. One each."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="supports")
    person = models.ForeignKey("organization.Person", models.CASCADE, related_name="supports")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "person"], name="support_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} → {self.item_id}"
