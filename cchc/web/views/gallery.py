"""All components on one page, for developers of the demo."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cchc.web.panels import Button, Due, Empty, Panel, Row


@dataclass(frozen=True)
class Sample:
    """An offer as the engine gives it."""

    action: str
    label: str
    icon: str = ""
    reason: str = ""
    primary: bool = False
    danger: bool = False


class SampleForm(forms.Form):
    """Two fields that are always refused."""

    result = forms.ChoiceField(choices=[("", "")])
    until = forms.DateField()


def gallery(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    refused = SampleForm({})
    refused.is_valid()
    return render(
        request,
        "web/gallery.html",
        {"badges": BADGES, "dues": _dues(today), "panel": _panel(today), "form": refused, "offers": OFFERS},
    )


BADGES = [
    ("Draft", "", "s0"),
    ("Assigned", "is-prep", "s1"),
    ("Being prepared", "is-prep", "s2"),
    ("Awaits the leader", "is-wait", "s3"),
    ("Asked back", "is-wait", "sq"),
    ("With the unit above", "is-up", "sup"),
    ("Passed on", "is-up", "sout"),
    ("Answered", "is-done", "s4"),
    ("Merged", "", "smerge"),
    ("Declined", "", "sx"),
]

OFFERS = [
    Sample("answer", "Publish the answer", "send", primary=True),
    Sample("close", "Close", reason="the unit above has not ruled yet (PC06, due 07/12)."),
    Sample("return", "Send back", "back"),
    Sample("merge", "Merge", "merge"),
    Sample("decline", "Decline", "x", danger=True),
]


def _dues(today: date) -> list[Due]:
    return [
        Due(today + timedelta(days=15), 11),
        Due(today + timedelta(days=1), 1),
        Due(today, 0),
        Due(today - timedelta(days=6), -3),
        Due(paused_from=today - timedelta(days=1)),
        Due(settled_on=today),
        Due(settled_on=today, late_days=2),
    ]


def _panel(today: date) -> Panel:
    row = Row(
        "A question as long as they come, which wraps to a second line on most of the screens we have",
        "#",
        glyph="s3",
        tone="is-wait",
        state="Awaits the leader",
        code="CH-017",
        meta=("Citizen", "3 merged"),
        due=Due(today, 0),
        button=Button("Answer", "#"),
        new=True,
    )
    return Panel("sample", "Awaits my answer", [row, row], count=2, more_url="#", primary=True, empty=Empty("Nothing"))
