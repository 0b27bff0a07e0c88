from django.http import HttpRequest, HttpResponse
from django.urls import path

from cchc.urls import handler400, handler403, handler404, handler500
from cchc.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, to somebody signed in: what session, person and every middleware cost by themselves."""
    return HttpResponse()


urlpatterns = [path("bench/empty/", empty), *site]
