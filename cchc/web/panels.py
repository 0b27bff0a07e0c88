"""What the platform shows of the domains on "my work" and in search results, without naming them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

Text = str | Promise


@dataclass(frozen=True)
class Due:
    """A due date with the distances already counted, in working days.

    `days_left`: negative when late, None when nobody counted. `late_days`: of a settled one, 0 = in time.
    """

    due_on: date | None = None
    days_left: int | None = None
    settled_on: date | None = None
    late_days: int = 0
    paused_from: date | None = None


@dataclass(frozen=True)
class Button:
    label: Text
    url: str
    icon: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Row:
    """One line of work: glyph | title and one meta line | due | button.

    `glyph`, `tone` and `state` as in state_badge: symbol name, CSS class, and the words a screen reader says for them.
    `meta` order: code, asker kind, what is special; SafeString parts (dots) are kept. `new`: something since the last
    visit.
    """

    title: Text
    url: str
    glyph: str = "s0"
    tone: str = ""
    state: Text = ""
    code: str = ""
    meta: tuple[Text | SafeString, ...] = ()
    due: Due | None = None
    button: Button | None = None
    new: bool = False


@dataclass(frozen=True)
class Empty:
    """Three kinds: "nothing" (teach what will appear), "done" (all work done), "filtered" (name the filters)."""

    title: Text
    text: Text = ""
    kind: str = "nothing"
    icon: str = ""
    button: Button | None = None


@dataclass(frozen=True)
class Panel:
    """A titled list of rows. `count` is of everything, `rows` may be its head; `more_url` opens exactly the counted
    rows.

    `rail`: stands in the narrow column. `body`: ready markup instead of rows (figures of the rail). Panels without
    rows, body and `empty` are not shown. `primary`: its first button is the page's primary one.
    """

    key: str
    title: Text
    rows: list[Row] = field(default_factory=list)
    count: int | None = None
    more_url: str = ""
    more_label: Text = ""
    empty: Empty | None = None
    rail: bool = False
    primary: bool = False
    body: SafeString | None = None
    note: Text = ""

    @property
    def shown(self) -> bool:
        return bool(self.rows or self.body or self.empty)

    @property
    def buttons(self) -> bool:
        """Whether the fourth column is needed."""
        return any(row.button for row in self.rows)


@dataclass(frozen=True)
class Tile:
    """A number that opens its rows. `tone`: "mine" (awaits me), "late" or ""."""

    number: int
    label: Text
    url: str
    sub: Text = ""
    tone: str = ""


@dataclass(frozen=True)
class Notice:
    """A strip above the panels (at most one or two): `tone` "gold", "info", "secret" or ""."""

    text: Text
    icon: str = "info"
    tone: str = "gold"
    button: Button | None = None


Piece = Panel | Tile | Notice | Button


# So many of what awaits a person "my work" shows; the page of all shows everything that is counted.
AWAITED = 8


def gather(names: Iterable[str], *arguments: Any) -> list[Piece]:
    """What the dotted functions return, in order."""
    found: list[Piece] = []
    for name in names:
        source: Callable[..., Iterable[Piece]] = import_string(name)
        found.extend(source(*arguments))
    return found


@dataclass(frozen=True)
class Home:
    """The pieces of "my work", sorted into their places."""

    tiles: list[Tile]
    notices: list[Notice]
    buttons: list[Button]
    panels: list[Panel]
    rail: list[Panel]


def home_of(person: Any, at: datetime, most: int = AWAITED) -> Home:
    """Ask every function of settings.HOME_PANELS with (person, at, most); panels with the same key are one.

    *most*: how much of what awaits the person is shown, of all domains together.
    """
    pieces = _joined(gather(settings.HOME_PANELS, person, at, most))
    panels = [piece for piece in pieces if isinstance(piece, Panel) and piece.shown]
    return Home(
        tiles=[piece for piece in pieces if isinstance(piece, Tile)],
        notices=[piece for piece in pieces if isinstance(piece, Notice)],
        buttons=[piece for piece in pieces if isinstance(piece, Button)],
        panels=[panel for panel in panels if not panel.rail],
        rail=[panel for panel in panels if panel.rail],
    )


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """What several domains put into one panel stands in the place of the first, soonest due on top."""
    found: list[Piece] = []
    places: dict[str, int] = {}
    for piece in pieces:
        at = places.get(piece.key) if isinstance(piece, Panel) else None
        first = found[at] if at is not None else None
        if isinstance(piece, Panel) and isinstance(first, Panel) and at is not None:
            rows = sorted([*first.rows, *piece.rows], key=_due_of)
            found[at] = replace(first, rows=rows, more_url=first.more_url or piece.more_url)
            continue
        if isinstance(piece, Panel):
            places[piece.key] = len(found)
        found.append(piece)
    return found


def _due_of(row: Row) -> date:
    return row.due.due_on if row.due and row.due.due_on else date.max
