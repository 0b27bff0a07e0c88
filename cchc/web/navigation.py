"""The places of the frame: side bar on a desk, five places at the bottom of a phone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

Label = str | Promise
_PHONE = 4  # places of the bottom bar beside "More"


@dataclass(frozen=True)
class NavEntry:
    """One place. Functions named in settings.NAVIGATION take the person and return a list of these, in order.

    `key`: entries with the same key are one; "home" is the first and belongs to the frame, so an entry with that key
    only
    gives it a count. `group`: heading in the side bar under which the entry stands. `phone`: its short label in the
    phone's bottom bar ("" keeps it out; the first three get a place, those with `gives_way` when others leave one).
    `side`: False for a place only phones need.
    """

    label: Label
    url: str
    icon: str
    count: int | None = None
    key: str = ""
    group: Label = ""
    phone: Label = ""
    gives_way: bool = False
    side: bool = True
    active: bool = False


@dataclass(frozen=True)
class Navigation:
    entries: list[NavEntry]

    @property
    def waiting(self) -> int | None:
        """What awaits the person: the count of the place "home"."""
        return next((entry.count for entry in self.entries if entry.key == "home"), None)

    @property
    def groups(self) -> list[tuple[Label, list[NavEntry]]]:
        """Side-bar entries by heading, headings in the order of their first entry ("" first)."""
        found: dict[str, tuple[Label, list[NavEntry]]] = {"": ("", [])}
        for entry in self.entries:
            if entry.side:
                found.setdefault(str(entry.group), (entry.group, []))[1].append(entry)
        return list(found.values())

    @property
    def phone(self) -> list[NavEntry]:
        """The bottom bar without its last place, "More"."""
        short = [entry for entry in self.entries if entry.phone]
        first = sorted(short, key=lambda entry: entry.gives_way)[:_PHONE]
        return [entry for entry in short if entry in first]


def collect(person: Any, path: str) -> Navigation:
    """Ask every function of settings.NAVIGATION; the entry whose address is the longest beginning of `path` is
    active.
    """
    home = NavEntry(_("My work"), reverse("home"), "home", key="home", phone=_("My work"))
    entries: dict[str, NavEntry] = {"home": home}
    for name in settings.NAVIGATION:
        source: Callable[[Any], Iterable[NavEntry]] = import_string(name)
        for entry in source(person):
            key = entry.key or entry.url
            entries[key] = replace(home, count=entry.count) if key == "home" else entry
    here = _active(entries.values(), path)
    return Navigation([replace(entry, active=True) if entry is here else entry for entry in entries.values()])


def _active(entries: Iterable[NavEntry], path: str) -> NavEntry | None:
    matches = [entry for entry in entries if _covers(entry.url.partition("?")[0], path)]
    return max(matches, key=lambda entry: len(entry.url.partition("?")[0]), default=None)


def _covers(address: str, path: str) -> bool:
    return path == address or (address != reverse("home") and path.startswith(address.rstrip("/") + "/"))
