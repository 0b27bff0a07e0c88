"""Chips, badges and the tags that make them."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.html import strip_tags

from cchc.web import markup
from cchc.web.panels import Due

TODAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _that_day(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(markup, "localdate", lambda: TODAY)
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("facts", "tone", "text"),
    [
        (Due(date(2026, 12, 11), 11), "due ", "Due 11/12 11 days left"),
        (Due(date(2026, 11, 30), 2), "due soon", "Due 30/11 2 days left"),
        (Due(date(2026, 11, 27), 1), "due soon", "Due 27/11 1 day left"),
        (Due(TODAY, 0), "due soon", "Due Today"),
        (Due(date(2026, 11, 20), -3), "due late", "Due 20/11 3 days over"),
        (Due(date(2027, 1, 4), 24), "due ", "Due 04/01/2027 24 days left"),
        (Due(paused_from=date(2026, 11, 25)), "due ", "Due Paused from 25/11"),
        (Due(date(2026, 11, 20), settled_on=TODAY), "due ", "Due On time"),
        (Due(date(2026, 11, 20), settled_on=TODAY, late_days=2), "due ", "Due 2 days late"),
        (Due(date(2026, 12, 11)), "due ", "Due 11/12"),
    ],
)
def test_due(facts: Due, tone: str, text: str) -> None:
    chip = markup.due(facts)
    assert f'<span class="{tone}">' in chip
    assert strip_tags(chip) == text


def test_no_date_no_chip() -> None:
    assert markup.due(None) == markup.due(Due()) == ""


def test_due_reads_dates_and_obligations() -> None:
    assert strip_tags(markup.due(date(2026, 11, 27), 1)) == "Due 27/11 1 day left"
    owed = SimpleNamespace(due_on=date(2026, 11, 20), days_left=-3)
    assert 'class="due late"' in markup.due(owed)


def test_names_are_escaped() -> None:
    assert "<b>" not in markup.state_badge("<b>", "is-wait", "s3") + markup.turn("<b>") + markup.icon("x", "<b>")


def test_icons_are_remembered_by_language_and_name() -> None:
    assert markup.icon("clock") is markup.icon("clock")
    assert markup.icon("clock", "Due") != markup.icon("clock")


def test_turn() -> None:
    assert strip_tags(markup.turn(mine=True)) == "My turn"
    assert strip_tags(markup.turn("PC06")) == "Turn of PC06"
    assert 'title="Phòng"' in markup.turn("PC06", title="Phòng")
    assert markup.turn("") == ""


def test_dots() -> None:
    half = markup.dots(2, 4, "assigned")
    assert half.count('class="ok"') == 1
    assert 'aria-label="Step 2 of 4: assigned"' in half
    assert markup.dots(5, 4).count('class="ok"') == 4


def render(text: str, **values: Any) -> str:
    return Template(text).render(Context(values))


def test_filters_of_time() -> None:
    at = datetime(2026, 11, 25, 8, 20, tzinfo=ZoneInfo("UTC"))
    assert render("{{ at|moment }}|{{ at|day }}|{{ at|long_day }}", at=at) == "25/11, 15:20|25/11|Wednesday, 25/11/2026"
    assert render("{{ at|moment }}{{ at|day }}{{ at|long_day }}", at=None) == ""


def test_query_keeps_the_filter_and_drops_the_page() -> None:
    request = RequestFactory().get("/", {"q": "a b", "after": "xyz", "state": ["1", "2"]})
    assert render("{% query topic=3 state=None as url %}{{ url }}", request=request) == "?q=a+b&amp;topic=3"
    assert render("{% query as url %}{{ url }}", request=request) == "?q=a+b&amp;state=1&amp;state=2"


def offer(action: str, **fields: Any) -> SimpleNamespace:
    return SimpleNamespace(
        **{"action": action, "label": action, "icon": "", "reason": "", "primary": False, "danger": False, **fields}
    )


def test_action_bar() -> None:
    offers = [
        offer("publish", primary=True),
        offer("close", reason="the unit above has not ruled"),
        offer("return"),
        offer("merge"),
        offer("decline", danger=True),
    ]
    bar = render('{% abar offers base="/items/7/" direct="publish" seen=3 %}', offers=offers, csrf_token="token")
    assert bar.count("btn-primary") == 1
    assert '<form method="post" action="/items/7/publish/"' in bar
    assert 'name="seen" value="3"' in bar
    assert 'aria-disabled="true" aria-describedby="why-close"' in bar
    assert '<p class="why" id="why-close"><b class="fw5">close:</b> the unit above has not ruled</p>' in bar
    assert 'href="/items/7/close/"' not in bar
    menu = bar[bar.index("dropdown-menu") : bar.index("<noscript>")]
    assert "/items/7/decline/" in menu
    assert "/items/7/return/" not in menu
    assert "btn-danger" not in bar  # it stands on the page that asks once more


def test_no_offers_no_bar() -> None:
    assert render("{% abar offers %}", offers=[]).strip() == ""


def test_pager() -> None:
    request = RequestFactory().get("/items/", {"q": "x"})
    page = SimpleNamespace(previous="p", next="n")
    html = render("{% pager page %}", request=request, page=page)
    assert 'rel="prev" href="?q=x&amp;before=p"' in html
    assert 'rel="next" href="?q=x&amp;after=n"' in html
    assert render("{% pager page %}", request=request, page=SimpleNamespace(previous="", next="")).strip() == ""
