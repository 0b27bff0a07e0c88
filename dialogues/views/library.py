"""The library: published questions with their last answer, and good practices beside them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cchc.web.paging import Page, page_of
from dialogues.domain import library as books
from dialogues.domain.practice import searched
from dialogues.forms.library import LibraryForm
from dialogues.models import Item

ORDER = ("-submitted_at", "id")
SIZE, MOST_PRACTICES = 20, 6


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    form = LibraryForm(request.GET)
    sought = form.sought()
    rows: Any = books.found(request.user, sought, timezone.localdate())
    page: Page[Item] = page_of(request, rows, ORDER, size=SIZE)
    practices = searched(books.practices(request.user, sought), sought.text)
    context = {
        "form": form,
        "sought": sought,
        "page": page,
        "practices": list(practices.for_list().order_by("-adopted", "-recognized_on", "id")[:MOST_PRACTICES]),
    }
    return render(request, "dialogues/library.html", context)
