"""`python -m benchmarks commitments`: a campaign of 3,300 units with 15,000 tasks through its year.

The aims: a signature within twice an ordinary form, 300 sealings a minute on two cores, a ranking within 5 seconds, the
board in 12 statements. Writes var/bench/commitments.json.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from benchmarks import forms
from benchmarks.measuring import Client, Figures, measure, probe
from benchmarks.pages import EMPTY, Page
from benchmarks.running import ROOT, Site, address, create, say

NAME = "cchc_commitments"
CODE = "CK-NATION"
WAITING = 120  # to be sealed at once
BOARDS = {
    "board of 21 units": f"{CODE}-21/",
    "board": f"{CODE}/",
    "board, late": f"{CODE}/?pill=late",
    "board, found by name": f"{CODE}/?q=xa",
}
RANKING = {"ranking": f"{CODE}/ranking/?group=all"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks commitments", description=__doc__)
    parser.add_argument("--units", type=int, default=3_300)
    parser.add_argument("--rounds", type=int, default=5, help="of pages")
    options = parser.parse_args(arguments)
    create(NAME, (options.units * 6, options.units, max(12, options.units // 16)))
    where = _step("prepare")
    found: dict[str, Any] = {"units": where["units"], "open": _step("open")}
    registered = _step("register")
    found |= {"tasks": registered["tasks"], "parts": _step("parts", 30)}
    client, site = Client(), Site(NAME)
    try:
        site.start(worker=False)
        found["forms"] = forms.sent(client, site, where["sessions"], registered["signers"])
        found["pages"] = _pages(client, site, where["sessions"], BOARDS, options.rounds)
        found |= _year()
        found["pages"] |= _pages(client, site, where["sessions"], RANKING, options.rounds)
    finally:
        client.stop()
        site.stop()
    found |= {"ratios": _ratios(found), "processors": os.cpu_count(), "load": os.getloadavg()}
    print(json.dumps(found, indent=1))
    target = ROOT / "var" / "bench" / "commitments.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found, indent=1))
    return 0


def _year() -> dict[str, Any]:
    """From the signatures to the ranking."""
    found: dict[str, Any] = {}
    _step("in_force", WAITING)
    found["sealing, one worker"] = _sealing(1)
    _step("in_force", WAITING)
    found["sealing, two workers"] = _sealing(2)
    _step("in_force")
    found["evaluate"] = _step("evaluate")
    _step("score")
    found["settle"] = _step("settle")
    found["publish"] = _step("publish")
    return found | {"rank": _step("rank", 3_300), "rank of ten times as many": _step("rank", 33_000)}


def _sealing(workers: int) -> dict[str, Any]:
    running = [_begin("seal") for _worker in range(workers)]
    parts = [_end(each) for each in running]
    sealed, seconds = sum(part["sealed"] for part in parts), max(part["seconds"] for part in parts)
    cpu = sum(part["cpu"] + part["database_cpu"] for part in parts)
    return {"sealed": sealed, "seconds": seconds, "a_minute": sealed / seconds * 60, "cpu_ms": cpu / sealed * 1000}


def _step(*what: str | int) -> dict[str, Any]:
    return _end(_begin(*what))


def _begin(*what: str | int) -> subprocess.Popen[str]:
    say(f"{' '.join(map(str, what))} …")
    env = {**os.environ, "DATABASE_URL": address(NAME, "DATABASE_URL"), "TLS": "0", "DEMO": "0"}
    command = [sys.executable, "-m", "benchmarks.committing", *map(str, what)]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def _end(child: subprocess.Popen[str]) -> dict[str, Any]:
    output, _nothing = child.communicate()
    found: dict[str, Any] = json.loads(output)
    return found


def _pages(
    client: Client, site: Site, sessions: dict[str, str], wanted: dict[str, str], rounds: int
) -> dict[str, dict[str, Any]]:
    """The secretary's, beside an empty one."""
    paths = {EMPTY: "/bench/empty/"} | {name: f"/commitments/campaigns/{path}" for name, path in wanted.items()}
    cookie = f"cchc_session={sessions['bo.thuky']}"
    pages = [Page(name, [{"path": path, "cookie": cookie}]) for name, path in paths.items()]
    found = {page.name: Figures(site.name, page.name) for page in pages}
    for page in pages:
        probe(site, page, found[page.name])
    for number in range(rounds):
        for page in pages:
            measure(client, site, page, found[page.name], 1.0, number)
    return {name: {**figures.summary(), "slow": figures.statements} for name, figures in found.items()}


def _ratios(found: dict[str, Any]) -> dict[str, Any]:
    sent, pages = found["forms"], found["pages"]
    return {
        **{
            f"{one}, {other}, {figure}": round(sent[one][figure] / sent[other][figure], 2)
            for one in (forms.CONFIRM, forms.SIGN)
            for other in (forms.SAVE, forms.REPORT)
            for figure in ("cpu_ms", "p50_ms", "p95_ms")
        },
        "board of all and of 21 units, CPU": round(pages["board"]["cpu_ms"] / pages["board of 21 units"]["cpu_ms"], 2),
        "ranking of ten times as many": round(
            found["rank of ten times as many"]["cpu"] / max(found["rank"]["cpu"], 0.001), 1
        ),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
