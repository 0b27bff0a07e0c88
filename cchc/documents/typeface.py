"""The typeface of papers, and the press that prints with it.

Fonts are read from given folders and nowhere else. The system's differ from machine to machine, and Debian's
fonts-liberation lacks ơ, ư and all of ạ … ỹ, which Typst then takes silently from another typeface.
"""

import json
import os
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import typst
from django.conf import settings
from django.core.checks import CheckMessage, Error
from fontTools.ttLib import TTFont

VIETNAMESE = "".join(
    unicodedata.normalize("NFC", form)
    for vowel in ("a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y")
    for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    for form in (vowel + tone, vowel.upper() + tone)
)
OTHERS = "đĐbcdghklmnpqrstvxBCDGHKLMNPQRSTVX0123456789.,;:()/%&+-–…“”₫"
# Typst's own, for the signs that people type and a typeface for letters lacks: ≥ → ✓. Never for Vietnamese.
_FOR_SIGNS = ("Libertinus Serif", "New Computer Modern Math", "DejaVu Sans Mono")
_FONTS_WHEEL = "fontpkg_noto_serif"
# Not drawn, so that no typeface needs them.
_INVISIBLE = frozenset("\n\t\u00ad\u200b\u200c\u200d")
_PROBE = b"""
#set text(font: json(bytes(sys.inputs.families)), fallback: false)
#let it = sys.inputs.letters
#it #strong(it) #emph(it) #strong(emph(it))
"""
_LARGE, _REMEMBERED = 100_000, 12  # characters of a paper; papers
_printing = {"process": 0}

Source = TypeVar("Source", str, bytes)  # a path, or the source itself


def press(
    source: Source, inputs: dict[str, str], *, root: str | None = None, family: str = "", **how: Any
) -> list[bytes]:
    """What Typst makes of a source: one file, or a picture for each page. Typefaces: sys.inputs.families.

    *family*: one to be tried before the installation's.
    Raises TypstError, and RuntimeError for a warning: an unknown typeface, say, would give a paper that looks wrong.
    Typst's threads do not live on in the child of a process that has used it, which would wait for them for ever. It is
    refused there; so nothing may print in the parent of Celery's workers, where the system checks run.
    """
    made, warnings = _compiler(source, inputs, root, family).compile_with_warnings(**how)
    _forget(inputs)
    if warnings:
        raise RuntimeError("; ".join(warning.message for warning in warnings))
    return made if isinstance(made, list) else [made or b""]


def question(source: str, selector: str, inputs: dict[str, str], *, root: str | None = None) -> str:
    """The value of the one labelled metadata that a source has, as JSON. Raises as press()."""
    answer = _compiler(source, inputs, root).query(selector, field="value", one=True)
    _forget(inputs)
    return answer


def _forget(inputs: dict[str, str]) -> None:
    """After a large paper, let Typst throw away how it was set: it remembers the last ten, 100 MB each."""
    if sum(map(len, inputs.values())) > _LARGE:
        for _each in range(_REMEMBERED):
            typst.Compiler(b"", font_paths=_fonts()).compile(format="pdf")


def families() -> list[str]:
    """The typefaces of the folders that have every Vietnamese letter, by name."""
    found: dict[str, bool] = {}
    for font in _fonts().fonts():
        if font.path:
            found[font.family] = found.get(font.family, True) and not _lacking(font)
    return sorted(family for family, whole in found.items() if whole)


def _compiler(source: Source, inputs: dict[str, str], root: str | None, family: str = "") -> typst.Compiler:
    if _printing["process"] not in (0, os.getpid()):
        raise RuntimeError("Typst was used before this process was forked off; print in the child only.")
    _printing["process"] = os.getpid()
    return typst.Compiler(source, root=root, font_paths=_fonts(), sys_inputs={"families": _families(family), **inputs})


def unprintable(text: str) -> str:
    """The characters of `text` that papers cannot show, each once, sorted: for a form to refuse them in time."""
    letters = sorted(set(unicodedata.normalize("NFC", text)) - _INVISIBLE)
    return "" if _has("".join(letters)) else "".join(letter for letter in letters if not _has(letter))


def check_typeface(**kwargs: Any) -> list[CheckMessage]:
    """A typeface that is missing or lacks Vietnamese letters is told at the start, not on a signed paper."""
    family = settings.PDF_FONT_FAMILY
    missing = [place for place in _folders() if not Path(place).is_dir()]
    if missing or not _folders():
        where = ", ".join(missing) or f"the package {_FONTS_WHEEL}"
        return [_error(f"The typeface of papers is missing: there is no {where}.", "documents.E001")]
    if family not in _fonts().families():
        found = ", ".join(sorted({font.family for font in _fonts().fonts() if font.path})) or "no typeface"
        return [_error(f"PDF_FONT_FAMILY is {family}, but the folders hold {found}.", "documents.E002")]
    return [
        _error(f"{Path(path).name} cannot print Vietnamese papers, it lacks: {lacking}", "documents.E003")
        for path, lacking in ((font.path, _lacking(font)) for font in _fonts().fonts() if font.family == family)
        if lacking and path
    ]


def _error(text: str, number: str) -> CheckMessage:
    return Error(text, hint="Install the packages of pyproject.toml, or set PDF_FONT_DIRS, PDF_FONT_FAMILY.", id=number)


def _folders() -> list[str]:
    """The office's own, else the one in the wheel that is installed with this program."""
    if settings.PDF_FONT_DIRS:
        return [str(folder) for folder in settings.PDF_FONT_DIRS]
    spec = find_spec(_FONTS_WHEEL)
    return [str(Path(place, "files")) for place in (spec.submodule_search_locations if spec else None) or []]


def _fonts() -> typst.Fonts:
    return _read(tuple(_folders()))


@lru_cache(maxsize=4)
def _read(places: tuple[str, ...]) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=list(places))


def _families(first: str = "") -> str:
    own = [first] if first in _fonts().families() else []
    return json.dumps([*own, settings.PDF_FONT_FAMILY, *_FOR_SIGNS])


def _lacking(font: typst.FontInfo) -> str:
    with TTFont(font.path, fontNumber=font.index, lazy=True) as file:
        return "".join(letter for letter in VIETNAMESE + OTHERS if ord(letter) not in file.getBestCmap())


def _has(letters: str) -> bool:
    """Whether they have shapes in every style: PDF/A forbids a letter without one, so that Typst tells."""
    try:
        press(_PROBE, {"letters": letters}, format="pdf", pdf_standards=["a-2b"])
    except typst.TypstError:
        return False
    return True
