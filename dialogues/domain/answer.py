"""Preparing, giving and publishing an answer, and keeping what it promised."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cchc.organization import access
from cchc.organization.models import Person
from cchc.workflow.engine import Refused, extend, record
from cchc.workflow.flow import Move
from dialogues import permissions
from dialogues.enums import AnswerKind, AnswerMode
from dialogues.models import Answer, Feedback, Item


def next_answer(item: Item) -> Answer:
    """A new round, not saved yet."""
    return Answer(item=item, number=item.answers.count() + 1)


def prepare(item: Item, move: Move) -> None:
    """Keep the unit's prepared text: `text`."""
    answer = next_answer(item)
    answer.prepared_text = move.data["text"]
    answer.prepared_by, answer.prepared_at, answer.prepared_unit = move.by, move.at, item.lead_unit
    answer.save()
    item.answer = answer


def give(item: Item, move: Move) -> None:
    """Keep the leader's answer: `text`, `kind`, `mode`, and for one in progress `promised_on`.

    Raises Refused when an answer in progress carries no date, or one that has passed.
    """
    _give(item, move, AnswerKind(move.data["kind"]), AnswerMode(move.data["mode"]), move.data.get("promised_on"))


def give_holding_reply(item: Item, move: Move) -> None:
    """What the asker is told while the unit above decides: `text` and `mode`."""
    given = _give(item, move, AnswerKind.ESCALATED, AnswerMode(move.data["mode"]), None)
    given.published_at = move.at
    given.save()


def give_decline(item: Item, move: Move) -> None:
    """The reason is the answer and names the `channel` where the matter belongs, and a `document` sent on paper."""
    item.answer = None
    data = {"text": move.note, "document": move.data.get("document", "")}
    declined = Move(move.by, move.at, move.note, move.capacity, data)
    given = _give(item, declined, AnswerKind.DECLINED, AnswerMode.WRITTEN, None)
    given.published_at = move.at
    given.save()
    item.proper_channel = move.data["channel"]


def _give(item: Item, move: Move, kind: AnswerKind, mode: AnswerMode, promised_on: date | None) -> Answer:
    today = timezone.localtime(move.at).date()
    if kind == AnswerKind.IN_PROGRESS and promised_on is None:
        raise Refused(_("An answer in progress needs the date by which it will be done."))
    if promised_on and promised_on < today:
        raise Refused(_("The promised date has already passed."))
    answer = item.answer if item.answer and not item.answer.kind else next_answer(item)
    answer.text, answer.kind, answer.mode = move.data["text"], kind, mode
    answer.promised_on = answer.first_promised_on = promised_on if kind == AnswerKind.IN_PROGRESS else None
    answer.document = move.data.get("document", "")
    answer.answered_by, answer.answered_at, answer.capacity = move.by, move.at, move.capacity[:150]
    post = access.post_for(move.by, permissions.ANSWER, item.host, today)
    answer.acting_kind = post.acting_kind if post else ""
    answer.save()
    item.answer = answer
    return answer


def publish(item: Item, move: Move) -> None:
    assert item.answer is not None
    item.answer.published_at = move.at
    item.answer.save(update_fields=["published_at"])


def take_back(item: Item, move: Move) -> None:
    """The given answer stays in the history; its prepared text opens the next round."""
    given = item.answer
    assert given is not None
    item.answer = None
    if given.prepared_by:
        again = next_answer(item)
        again.prepared_text, again.prepared_by = given.prepared_text, given.prepared_by
        again.prepared_at, again.prepared_unit = given.prepared_at, given.prepared_unit
        again.save()
        item.answer = again


def report_done(item: Item, move: Move) -> None:
    """The unit reports that the promise is kept: `text`, `done_on` and the `document` that shows it."""
    assert item.answer is not None
    item.answer.done_on = move.data["done_on"]
    item.answer.done_text = move.data["text"]
    item.answer.done_document = move.data.get("document", "")
    item.answer.save()


def return_report(item: Item, move: Move) -> None:
    """What was reported stays in the event of the report; the promise is open again."""
    assert item.answer is not None
    item.answer.done_on, item.answer.done_text, item.answer.done_document = None, "", ""
    item.answer.save()


def extend_due(item: Item, move: Move) -> None:
    """Move the due date of the open turn `to` a later day; the first date stays."""
    assert item.turn is not None and move.by is not None
    to: date = move.data["to"]
    if to <= item.turn.due_on:
        raise Refused(_("An extension must lead to a later date."))
    extend(item.turn, to, reason=move.note, by=move.by, at=move.at)
    if item.answer and item.answer.promised_on:
        item.answer.promised_on = to
        item.answer.save(update_fields=["promised_on"])


def record_result(answer: Answer, *, text: str, done_on: date, by: Person, at: datetime, document: str = "") -> None:
    """Add to a resolved answer how it was carried out. Raises Refused without the right of the lead unit."""
    if not access.can(by, permissions.PREPARE, answer.item.lead_unit):
        raise Refused(_("This step is not among your rights here."))
    answer.done_on, answer.done_text, answer.done_document = done_on, text, document
    answer.save(update_fields=["done_on", "done_text", "done_document"])
    record(answer.item, "record_result", by=by, at=at, note=text)


def rate(answer: Answer, *, asked: Item, stars: int, on_topic: bool, comment: str, on: date) -> Feedback:
    """The word of whoever *asked* that item on a published answer; said again, it takes the place of the first.

    The caller has checked that it is the asker. Nothing says who it was: the mark is that of the item.
    """
    if answer.published_at is None:
        raise Refused(_("Only a published answer can be rated."))
    said = {"stars": stars, "on_topic": on_topic, "comment": comment, "on": on}
    mark = salted_hmac("dialogues.feedback", f"{answer.pk}:{asked.pk}", algorithm="sha256").hexdigest()
    feedback, _new = Feedback.objects.update_or_create(
        mark=mark, defaults=said, create_defaults={**said, "answer": answer}
    )
    return feedback
