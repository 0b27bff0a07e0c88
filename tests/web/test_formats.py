"""Dates and numbers as a Vietnamese office writes them, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.utils import formats, translation


class Day(forms.Form):
    day = forms.DateField()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("text", ["04/11/2026", "4/11/2026", "04-11-2026", "2026-11-04"])
def test_the_day_comes_first(language: str, text: str) -> None:
    with translation.override(language):
        form = Day({"day": text})
        assert form.is_valid()
        assert form.cleaned_data["day"] == date(2026, 11, 4)


def test_the_american_order_is_refused() -> None:
    with translation.override("vi"):
        assert not Day({"day": "11/24/2026"}).is_valid()


@pytest.mark.parametrize(("language", "number"), [("vi", "1.286,5"), ("en", "1,286.5")])
def test_numbers(language: str, number: str) -> None:
    with translation.override(language):
        assert formats.localize(1286.5) == number
        assert Template("{{ day }}").render(Context({"day": date(2026, 11, 4)})) == "04/11/2026"
