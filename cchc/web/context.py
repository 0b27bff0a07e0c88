"""What the frame shows on every page, found only when a template really renders it (fragments never do)."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from cchc.web.navigation import Navigation, collect

THEME_COOKIE = settings.COOKIE_PREFIX + "theme"
THEMES = ("light", "dark")


class Chrome:
    """The frame of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def person(self) -> Any:
        """The signed-in person, or None."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def theme(self) -> str:
        """ "light" or "dark": the person's setting, the cookie of a guest, light by default."""
        chosen = getattr(self.person, "theme", "") or self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else "light"

    @cached_property
    def other_theme(self) -> str:
        return "light" if self.theme == "dark" else "dark"

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @cached_property
    def other_language(self) -> str:
        return "en" if self.language == "vi" else "vi"

    @cached_property
    def navigation(self) -> Navigation | None:
        # A page that two places lead to says which one the reader came by.
        path = getattr(self.request, "place", self.request.path)
        return collect(self.person, path) if self.person else None

    @cached_property
    def unread(self) -> int:
        """Unread notices, from the function named in settings.BELL_COUNT."""
        return int(import_string(settings.BELL_COUNT)(self.person)) if self.person and settings.BELL_COUNT else 0

    @cached_property
    def initials(self) -> str:
        """First letters of the last two words: a Vietnamese given name stands last."""
        words = str(self.person or "").split()
        return "".join(word[0] for word in words[-2:]).upper()

    @cached_property
    def place(self) -> Any:
        """What settings.WORKPLACE says of the person: `.unit` (name in the top bar) and `.title` (under the own
        name).
        """
        return import_string(settings.WORKPLACE)(self.person) if self.person and settings.WORKPLACE else None

    @cached_property
    def back(self) -> str:
        """Where the theme and language switches return to."""
        return self.request.get_full_path() if self.request.method == "GET" else "/"

    @property
    def demo(self) -> bool:
        return bool(settings.DEMO)

    @property
    def idle_minutes(self) -> int:
        return int(settings.IDLE_MINUTES)

    @property
    def session_seconds(self) -> int:
        """How long a signed-in person may sit still."""
        return settings.IDLE_MINUTES * 60 if self.person else 0


def chrome(request: HttpRequest) -> dict[str, Any]:
    return {"chrome": Chrome(request)}
