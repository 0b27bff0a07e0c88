"""A refusal that no view caught becomes a page with its sentence, never a 500."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .engine import Refused
from .history import entry


class Refusals:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        event = getattr(exception, "event", None)
        context = {"sentence": str(exception), "line": entry(event) if event else None}
        return render(request, "errors/refused.html", context, status=exception.status)


refusals = Refusals
