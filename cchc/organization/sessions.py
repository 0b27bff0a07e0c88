"""The session engine: Django's database sessions, with the columns that the session list needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cchc.organization.models.session import Session

HOURS = 8  # from signing in to having to sign in again, however busy one is
MOST = 5  # sessions of one person; the oldest ends
BEGAN, SEEN, DEVICE, ADDRESS = "_began", "_seen", "_device", "_address"

# The first mark found counts: every browser claims to be some of the others.
BROWSERS = (
    *(("Edg/", "Edge"), ("OPR/", "Opera"), ("coc_coc_browser", "Cốc Cốc"), ("SamsungBrowser", "Samsung Internet")),
    *(("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS", "Chrome"), ("Safari/", "Safari")),
)
SYSTEMS = (
    *(("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


class SessionStore(DatabaseSessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Any:
        found = super()._get_session_from_db()  # type: ignore[misc]
        if found is None and self.session_key is None:
            return None
        if found is None:
            # Expired is deleted on sight: a clock that jumps back must not bring it to life again.
            Session.objects.filter(session_key=self.session_key).delete()
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = cast(Session, super().create_model_instance(data))
        session.person_id = data.get(SESSION_KEY)
        session.device, session.address = data.get(DEVICE, ""), data.get(ADDRESS)
        session.began_at, session.seen_at = _moment(data.get(BEGAN)), _moment(data.get(SEEN))
        return session


def idle_limit() -> timedelta:
    return timedelta(minutes=settings.IDLE_MINUTES)


def is_idle(request: HttpRequest, at: datetime) -> bool:
    """Whether the signed-in person sat still for longer than allowed."""
    seen = _moment(request.session.get(SEEN))
    if seen is None:
        return False
    # *seen* is rounded down; a clock that was set back makes it lie in the future, and then nothing can be said.
    return not -_step() <= at - seen <= idle_limit() + _step()


def touch(request: HttpRequest, at: datetime) -> None:
    """Note that the person is there; written at most once in five minutes."""
    seen = _rounded(at)
    if request.session.get(SEEN) != seen:
        request.session[SEEN] = seen


def begin(request: HttpRequest, *, device: str, address: str, at: datetime) -> None:
    """Fill the session of a person who has just signed in; call after auth.login()."""
    request.session[BEGAN], request.session[SEEN] = at.isoformat(), _rounded(at)
    request.session[DEVICE], request.session[ADDRESS] = device[:120], address
    request.session.set_expiry(at + timedelta(hours=HOURS))
    request.session.save()
    others = Session.objects.filter(person_id=request.session[SESSION_KEY]).exclude(
        session_key=request.session.session_key
    )
    surplus = others.order_by("-began_at", "-expire_date").values_list("pk", flat=True)[MOST - 1 :]
    Session.objects.filter(pk__in=list(surplus)).delete()


def device_name(agent: str) -> str:
    """Browser and system in words a person recognizes: "Firefox, Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part)


def public_id(session_key: str) -> str:
    """A name for a session that may stand in a page: the key itself would open it."""
    return salted_hmac("cchc.organization.sessions", session_key, algorithm="sha256").hexdigest()[:24]


def _step() -> timedelta:
    return min(timedelta(minutes=5), idle_limit() / 4)


def _rounded(at: datetime) -> str:
    step = max(1, int(_step().total_seconds()))
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % step, tz=timezone.get_default_timezone()).isoformat()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
