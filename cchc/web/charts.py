"""Small charts as SVG. Each says its figures to who does not see it, and stands beside a table of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, SIDE, TOP, FOOT = 480, 150, 36, 26, 28
NAME_WIDTH = 58  # what "07/2020" takes under an axis


@dataclass(frozen=True)
class Part:
    """A piece of a bar: how much of 100, in which color (theme.css), and what it stands for."""

    color: str
    width: Decimal
    words: str


def bar(parts: Iterable[Part], label: str) -> SafeString:
    """A bar of 100; *label* says its figures."""
    rects, at = [], Decimal(0)
    for part in parts:
        if part.width > 0:
            rects.append((part.color, f"{at:.2f}", f"{part.width:.2f}", part.words))
        at += part.width
    return format_html(
        '<svg class="bar mt-1" viewBox="0 0 100 14" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="c6" fill-opacity=".3" width="100" height="14"/>{}</svg>',
        label,
        format_html_join(
            "", '<rect class="{}" x="{}" width="{}" height="14"><title>{}</title></rect>', rects
        ),
    )  # fmt: skip


def plain_bar(value: int, most: int, color: str = "c1") -> SafeString:
    """A bar beside a number that says the same, so nothing is read aloud."""
    width = f"{Decimal(100 * value) / most:.2f}" if most else "0"
    return format_html(
        '<svg class="bar" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="{}" width="{}" height="14"/></svg>',
        color,
        width,
    )


@dataclass(frozen=True)
class Place:
    """One point of a rank chart: its name under the axis, and rank and size of the group, e.g. 1 of 5."""

    name: str
    rank: int
    size: int


def ranks(places: Sequence[Place], label: str) -> SafeString:
    """Ranks over the years as a line, the first rank on top; *label* says them."""
    lowest = max((place.size for place in places), default=1)
    step = (WIDTH - 2 * SIDE) / max(len(places) - 1, 1)
    room = HEIGHT - TOP - FOOT
    points = [
        (
            WIDTH / 2 if len(places) == 1 else SIDE + n * step,
            TOP + room * (place.rank - 1) / max(lowest - 1, 1),
            place,
        )
        for n, place in enumerate(places)
    ]
    return format_html(
        '<svg class="ch" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<line class="grid" x1="0" x2="{}" y1="{}" y2="{}"/><polyline class="line" points="{}"/>{}</svg>',
        *(WIDTH, HEIGHT, label, WIDTH, HEIGHT - FOOT + 6, HEIGHT - FOOT + 6),
        " ".join(f"{x:.1f},{y:.1f}" for x, y, _place in points),
        format_html_join(
            "",
            '<circle class="c1" cx="{}" cy="{}" r="4.5"/>'
            '<text class="v" x="{}" y="{}" text-anchor="middle">{}/{}</text>'
            '<text x="{}" y="{}" text-anchor="middle">{}</text>',
            (
                (
                    *(f"{x:.1f}", f"{y:.1f}", f"{x:.1f}", f"{y - 10:.1f}", place.rank, place.size),
                    *(f"{x:.1f}", HEIGHT - 6, place.name),
                )
                for x, y, place in points
            ),
        ),
    )


@dataclass(frozen=True)
class Column:
    """One place of a column chart: its name under the axis, and a number of each series."""

    name: str
    numbers: tuple[int, ...]


SERIES = ("c2", "c1", "c4")  # the colors of the series, in their order


def columns(places: Sequence[Column], label: str) -> SafeString:
    """Columns side by side for each place; *label* says what they are, a table beside them says the numbers."""
    most = max((number for place in places for number in place.numbers), default=0) or 1
    room, slot = HEIGHT - TOP - FOOT, (WIDTH - 8) / max(len(places), 1)
    every = -(-int(len(places) * NAME_WIDTH) // WIDTH)  # so many places share one name under the axis
    rects, names = [], []
    for at, place in enumerate(places):
        left = 4 + at * slot
        width = min(slot * 0.8 / max(len(place.numbers), 1), 28)
        start = left + (slot - width * len(place.numbers)) / 2
        for n, number in enumerate(place.numbers):
            height = room * number / most
            rects.append(
                (SERIES[n % len(SERIES)], f"{start + n * width:.1f}", f"{TOP + room - height:.1f}", f"{width:.1f}",
                 f"{height:.1f}", f"{place.name}: {number}")
            )  # fmt: skip
        if at % every == 0:
            names.append((f"{left + slot / 2:.1f}", HEIGHT - 6, place.name))
    return format_html(
        '<svg class="ch" viewBox="0 0 {} {}" role="img" aria-label="{}"><text x="4" y="14">{}</text>'
        '<line class="grid" x1="0" x2="{}" y1="{}" y2="{}"/><line class="grid" x1="0" x2="{}" y1="{}" y2="{}"/>'
        "{}{}</svg>",
        *(WIDTH, HEIGHT, label, most, WIDTH, TOP, TOP, WIDTH, HEIGHT - FOOT, HEIGHT - FOOT),
        format_html_join(
            "", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>', rects
        ),
        format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', names),
    )  # fmt: skip
