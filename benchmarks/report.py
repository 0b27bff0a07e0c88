"""The figures as a table, beside what was aimed at."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.measuring import Figures
from benchmarks.pages import EMPTY

HEAD = ("", "CPU ms", "web", "db", "req/s", "p50", "p95", "of empty", "SQL", "rows", "KB", "CPU ms", "growth")
WIDTHS = (32, 7, 6, 6, 6, 7, 7, 9, 4, 7, 5, 7, 7)


def table(found: dict[tuple[str, str], Figures], small: str, large: str) -> str:
    """One line a page: the large site in full, then the small one's CPU time and by how much the page has grown."""
    lines = [_line(HEAD)]
    empty = found[large, EMPTY]
    for (site, name), figures in found.items():
        if site != large:
            continue
        one, other = figures.summary(), found[small, name]
        share = median(figures.a_second) / median(empty.a_second)
        lines.append(
            _line(
                (
                    name, f"{one['cpu_ms']:.1f}", f"{one['web_ms']:.1f}", f"{one['database_ms']:.1f}",
                    f"{one['a_second']:.0f}", f"{one['p50_ms']:.0f}", f"{one['p95_ms']:.0f}", f"{share:.0%}",
                    str(figures.queries), str(figures.rows), f"{figures.kilobytes:.0f}", f"{other.cpu_ms:.1f}",
                    f"{growth(figures, other):.2f}",
                )
            )
        )  # fmt: skip
    return "\n".join(lines)


def growth(large: Figures, small: Figures) -> float:
    """By what factor the page needs more processor time in the large database."""
    return large.cpu_ms / small.cpu_ms if small.cpu_ms else 0.0


def verdicts(found: dict[tuple[str, str], Figures], small: str, large: str, more: dict[str, Any]) -> list[str]:
    """The aims (issue: "How well"), each with what was reached."""
    empty = median(found[large, EMPTY].a_second)
    pages = {name: figures for (site, name), figures in found.items() if site == large and name != EMPTY}
    shares = {name: median(figures.a_second) / empty for name, figures in pages.items()}
    lists = {name: share for name, share in shares.items() if name.startswith(("item list", "item page"))}
    grown = {name: growth(figures, found[small, name]) for name, figures in pages.items()}
    web = max((each["peak"] for each in more["memory"]["Web server"]), default=0)
    load = sum(more["first_load"].values()) / 1024
    sent = [
        f"         {name}: {figures.sending_queries} statements"
        for name, figures in pages.items()
        if figures.sending_queries
    ]
    return [
        *sent,
        _verdict("list and item page, of the empty view", min(lists.values()), 0.20, "{:.0%}", least=True),
        _verdict("growth of any page", max(grown.values()), 1.5, "{:.2f}"),
        _verdict("SQL statements of any page", max(figures.queries for figures in pages.values()), 12, "{:.0f}"),
        _verdict("HTML of any page, KB", max(figures.kilobytes for figures in pages.values()), 60, "{:.0f}"),
        _verdict("first load, compressed, KB", load, 200, "{:.0f}"),
        _verdict("a web process at its peak, MB", web, 150, "{:.0f}"),
    ]


def _verdict(what: str, reached: float, aim: float, shown: str, *, least: bool = False) -> str:
    good = reached >= aim if least else reached <= aim
    word = "at least" if least else "at most"
    return f"{'reached' if good else 'MISSED ':<8} {what}: {shown.format(reached)} ({word} {shown.format(aim)})"


def _line(cells: tuple[str, ...]) -> str:
    return "  ".join(
        cell.rjust(width) if number else cell.ljust(width)
        for number, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    ).rstrip()
