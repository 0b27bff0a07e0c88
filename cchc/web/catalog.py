"""The translation catalog, made with Babel: a fresh machine has no gettext programs.

Source strings are English; `locale/vi` holds their Vietnamese. Nothing here needs Django's settings.
"""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PO_FILE = BASE_DIR / "locale" / "vi" / "LC_MESSAGES" / "django.po"
SOURCES = ("cchc", "dialogues", "commitments")
CONTEXT, PLURAL = "|||@|||", "|||"

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "T", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

Key = tuple[str, str]  # context, msgid (of a plural: its singular)


@dataclass
class MergeReport:
    """What became of the translations offered: `unused` have no such source string, `disputed` differ between files."""

    filled: int = 0
    unused: list[str] = field(default_factory=list)
    disputed: list[str] = field(default_factory=list)


def extracted(base: Path = BASE_DIR) -> dict[Key, Message]:
    """Every message that the Python files and the templates ask for."""
    found: dict[Key, Message] = {}
    for path, code in _sources(base):
        for _line, text, _comments, context in extract("python", io.BytesIO(code.encode()), keywords=KEYWORDS):
            message = Message(text, context=context)
            key = _key(message)
            if not key[1]:
                continue
            if key in found and found[key].pluralizable and not message.pluralizable:
                continue
            message.user_comments = [str(path.relative_to(base))]
            found[key] = message
    return found


def read(po_file: Path = PO_FILE) -> dict[Key, Message]:
    """The catalog as it is on disk; empty when there is none."""
    if not po_file.exists():
        return {}
    with po_file.open("rb") as stream:
        return {_key(message): message for message in read_po(stream, locale="vi") if message.id}


def update(po_file: Path = PO_FILE, *, offered: dict[str, str] | None = None, base: Path = BASE_DIR) -> MergeReport:
    """Write the catalog anew: what the sources ask for, translated by `offered` or else as before; the rest goes."""
    report, before, wanted = MergeReport(), read(po_file), extracted(base)
    offers = {_offer_key(name): (name, text) for name, text in (offered or {}).items()}
    catalog = Catalog(locale="vi", project="doi-thoai-cchc", charset="utf-8", fuzzy=False)
    for key, message in sorted(wanted.items(), key=lambda pair: (pair[0][1].lower(), pair[0])):
        offer = offers.pop(key, None) or offers.pop((key[0], key[1].replace("%%", "%")), None)
        if offer:
            text = offer[1].replace("%", "%%") if "%%" in key[1] and "%%" not in offer[1] else offer[1]
            report.filled += 1
        else:
            text = _text(before[key]) if key in before and not before[key].fuzzy else ""
        catalog.add(message.id, (text,) if message.pluralizable else text, context=message.context)
    report.unused = sorted(name for name, _text in offers.values())
    po_file.parent.mkdir(parents=True, exist_ok=True)
    output = io.BytesIO()
    write_po(output, catalog, omit_header=True, no_location=True, width=120)
    po_file.write_bytes(_header() + output.getvalue().lstrip(b"\n"))
    return report


def offers_in(folder: Path) -> tuple[dict[str, str], list[str]]:
    """The folder's JSON files, {source: Vietnamese}; and the sources on which they differ (the first one wins)."""
    offers: dict[str, str] = {}
    disputed = []
    for file in sorted(folder.glob("*.json")):
        for name, text in json.loads(file.read_text("utf-8")).items():
            if offers.setdefault(name, text) != text:
                disputed.append(f"{name} ({file.name})")
    return offers, disputed


def problems(po_file: Path = PO_FILE, base: Path = BASE_DIR) -> list[str]:
    """What is wrong with the catalog, one sentence each: missing, fuzzy, stale, or with other placeholders."""
    have, wanted, lines = read(po_file), extracted(base), []
    for key, message in wanted.items():
        entry, name = have.get(key), repr(key[1])
        if entry is None or not _text(entry):
            lines.append(f"missing: {name} in {', '.join(message.user_comments)}")
        elif entry.fuzzy:
            lines.append(f"fuzzy: {name}")
        elif _placeholders(_text(entry)) - _all_placeholders(message) or (
            not message.pluralizable and _all_placeholders(message) - _placeholders(_text(entry))
        ):
            lines.append(f"placeholders differ: {name} → {_text(entry)!r}")
    lines += [f"stale: {key[1]!r}" for key in have if key not in wanted]
    return sorted(lines)


def compile_catalog(po_file: Path = PO_FILE) -> bool:
    """Write the compiled catalog beside the source if that is newer; True when it was written."""
    compiled = po_file.with_suffix(".mo")
    if not po_file.exists() or (compiled.exists() and compiled.stat().st_mtime >= po_file.stat().st_mtime):
        return False
    with po_file.open("rb") as stream:
        catalog = read_po(stream, locale="vi")
    beside = compiled.with_suffix(".mo.new")
    with beside.open("wb") as output:
        write_mo(output, catalog)
    beside.replace(compiled)
    return True


def _sources(base: Path) -> Iterator[tuple[Path, str]]:
    for name in SOURCES:
        for path in sorted((base / name).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text("utf-8")
    for folder in [base / "templates", *(base.glob("*/templates")), *(base.glob("*/*/templates"))]:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".html", ".txt", ".xml"}:
                # In parentheses, because the page's indentation means nothing in Python.
                yield path, f"({templatize(path.read_text('utf-8'), origin=str(path))}\n)"


def _key(message: Message) -> Key:
    msgid = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return (message.context or "", msgid)


def _offer_key(name: str) -> Key:
    context, _sep, rest = name.rpartition(CONTEXT)
    return (context, rest.split(PLURAL)[0])


def _text(message: Message) -> str:
    return (message.string[0] if isinstance(message.string, tuple | list) else message.string) or ""


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _all_placeholders(message: Message) -> set[str]:
    forms = message.id if isinstance(message.id, tuple | list) else (message.id,)
    return set().union(*(_placeholders(form) for form in forms))


def _header() -> bytes:
    # Without dates, so that two people's work does not collide in them.
    lines = [
        "# Vietnamese of every source string; `manage.py translations` keeps it in step with them.",
        'msgid ""',
        'msgstr ""',
        r'"Language: vi\n"',
        r'"MIME-Version: 1.0\n"',
        r'"Content-Type: text/plain; charset=utf-8\n"',
        r'"Content-Transfer-Encoding: 8bit\n"',
        r'"Plural-Forms: nplurals=1; plural=0;\n"',
    ]
    return ("\n".join(lines) + "\n\n").encode()
