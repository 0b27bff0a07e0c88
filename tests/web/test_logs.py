"""One entry, one line."""

from __future__ import annotations

import logging
import sys

from cchc.web.logs import OneLine, one_line


def entry(message: str, *arguments: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, message, arguments, info)
    assert OneLine().filter(record)
    return logging.Formatter("{levelname} {message}", style="{").format(record)


def test_line_ends_and_escapes_are_written_out() -> None:
    assert entry("name %s", "A\r\nERROR forged\x1b[31m") == r"INFO name A\r\nERROR forged\x1b[31m"
    assert one_line("a\u2028b\x85c\tđ") == "a\\u2028b\\x85c\tđ"


def test_a_percent_sign_is_no_argument() -> None:
    assert entry("%s", "100%s") == "INFO 100%s"


def test_a_traceback_cannot_pass_for_an_entry() -> None:
    try:
        raise ValueError("one\nERROR forged")
    except ValueError:
        text = entry("failed", error=sys.exc_info()[1])
    first, *others = text.splitlines()
    assert first == "INFO failed"
    assert others
    assert all(line.startswith("  | ") for line in others)
