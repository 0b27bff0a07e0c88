"""`python -m benchmarks papers`: each paper again and again in one process, as the web's workers make them.

Measures the pages (PDF/A), the sheet, the editable file, and the papers of a large conference and of a province's year.
Prints milliseconds: the middle, the 95th of a hundred, and the memory held at the end.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

ROUNDS, ROUNDS_OF_LARGE = 100, 10
TARGET = Path(__file__).resolve().parent.parent / "var" / "bench" / "papers.json"


def main(arguments: list[str]) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc.settings")
    django.setup()
    found: dict[str, dict[str, float]] = {}
    print(f"{'paper':<34}{'middle':>9}{'p95':>9}  ms")
    for name, rounds, make in cases():
        found[name] = measured(make, rounds)
        print(f"{name:<34}{found[name]['middle']:>9}{found[name]['p95']:>9}", flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"Memory at most: {memory} MB")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps({"milliseconds": found, "mb": memory, "load": os.getloadavg()}, indent=1))
    return 0


def measured(make: Callable[[int], Any], rounds: int) -> dict[str, float]:
    """Other words each time: of the same ones Typst remembers how they were set."""
    make(0)
    spent = []
    for number in range(1, rounds + 1):
        began = time.perf_counter()
        make(number)
        spent.append((time.perf_counter() - began) * 1000)
    spent.sort()
    return {"middle": round(statistics.median(spent), 1), "p95": round(spent[int(len(spent) * 0.95)], 1)}


def cases() -> list[tuple[str, int, Callable[[int], Any]]]:
    from cchc.documents.docx import written
    from cchc.documents.typesetting import sheet_of, typeset
    from tests.documents.paper_samples import AT, CONTENTS, EXCHANGE, KINDS, LINE, UNIT, envelope

    def usual(number: int, key: str) -> Any:
        return envelope(key, title=f"{CONTENTS[key][0]} {number}", place=f"Thái Hòa {number}")

    def minutes(number: int) -> Any:
        course = [replace(EXCHANGE, title=f"{number}.{each}", question=f"{each} {number} {EXCHANGE.question}",
                          answer=f"{each} {number} {EXCHANGE.answer}") for each in range(1000)]  # fmt: skip
        return envelope("minutes", replace(CONTENTS["minutes"][1], course=course))

    def items(number: int) -> Any:
        lines = [replace(LINE, text=f"{each} {number} {LINE.text}", answer=f"{each} {number} {LINE.answer}")
                 for each in range(1000)]  # fmt: skip
        return envelope("item_list", replace(CONTENTS["item_list"][1], items=lines))

    def province(number: int) -> Any:
        units = [replace(UNIT, name=f"{UNIT.name} {number}.{each}", received=each) for each in range(100)]
        return envelope("year_report", replace(CONTENTS["year_report"][1], units=units))

    sources = [(key, key, ROUNDS, partial(usual, key=key)) for key in KINDS] + [
        ("minutes of 1,000 items", "minutes", ROUNDS_OF_LARGE, minutes),
        ("list of 1,000 items", "item_list", ROUNDS_OF_LARGE, items),
        ("year of 100 units", "year_report", ROUNDS_OF_LARGE, province),
    ]
    found: list[tuple[str, int, Callable[[int], Any]]] = []
    for name, key, rounds, make in sources:
        template = KINDS[key].template
        found.append((f"{name}, PDF", rounds, partial(_pages, typeset, template, make, AT)))
        found.append((f"{name}, DOCX", rounds, partial(_file, written, sheet_of, template, make)))
    return found


def _pages(typeset: Any, template: str, make: Callable[[int], Any], at: Any, number: int) -> Any:
    return typeset(template, make(number), at=at)


def _file(written: Any, sheet_of: Any, template: str, make: Callable[[int], Any], number: int) -> Any:
    return written(sheet_of(template, make(number)))
