"""A log line is one line, whatever somebody typed into a name."""

import logging
import re

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_FORMATTER = logging.Formatter()


def one_line(text: str) -> str:
    """Control characters (CR, LF, ANSI escapes, Unicode line ends) written as escapes, so that they forge nothing."""
    return _CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


class OneLine(logging.Filter):
    """Make the message one line; the lines of a traceback are indented, so that none can pass for an entry."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = one_line(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text and not record.exc_text.startswith("  | "):
            lines = record.exc_text.splitlines()
            record.exc_text = "\n".join(f"  | {one_line(line)}" for line in lines)
        return True
