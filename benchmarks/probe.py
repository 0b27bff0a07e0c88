"""What one request asks of the database: its statements, and what PostgreSQL had to read for each of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def probe(get_response: GetResponse) -> GetResponse:
    """Answer a request that carries `X-Probe` with figures about its page instead of the page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "X-Probe" not in request.headers:
            return get_response(request)
        asked: list[dict[str, Any]] = []
        with connection.execute_wrapper(_Listener(asked)):
            response = get_response(request)
        size = 0 if response.streaming else len(response.content)
        told = JsonResponse({"status": response.status_code, "bytes": size, "statements": asked})
        told.headers["Content-Length"] = str(len(told.content))  # CommonMiddleware stands further in
        return told

    return middleware


class _Listener:
    """Notes each statement; what only reads is asked a second time, with EXPLAIN, before it is really asked."""

    def __init__(self, asked: list[dict[str, Any]]) -> None:
        self.asked = asked

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        read = {"rows": 0, "buffers": 0, "ms": 0.0}
        if str(sql).lstrip("(").startswith("SELECT") and "FOR UPDATE" not in sql and "advisory" not in sql:
            read = _explained(str(sql), params)
        began = time.perf_counter()
        result = execute(sql, params, many, context)
        took = (time.perf_counter() - began) * 1000
        self.asked.append({"sql": str(sql), "params": repr(params), "took": round(took, 2), **read})
        return result


def _explained(sql: str, params: Any) -> dict[str, Any]:
    with connection.connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql, params)
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]
    top = plan["Plan"]
    rows = sum(_rows(node) for node in _nodes(top) if "Relation Name" in node)
    buffers = top.get("Shared Hit Blocks", 0) + top.get("Shared Read Blocks", 0)
    return {"rows": round(rows), "buffers": buffers, "ms": round(plan["Execution Time"], 2)}


def _rows(node: dict[str, Any]) -> float:
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float((node["Actual Rows"] + removed) * node["Actual Loops"])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
