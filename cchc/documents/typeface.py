"""The typeface of papers: read from given folders and nowhere else.

The system's own fonts are not looked at: they differ from machine to machine, and Debian's fonts-liberation lacks ơ, ư
and all of ạ … ỹ, which Typst then takes silently from another typeface.
"""

import json
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.checks import CheckMessage, Error

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


def folders() -> list[str]:
    """Where the typeface lies: the office's own folders, else the wheel that is installed with this program."""
    if settings.PDF_FONT_DIRS:
        return [str(folder) for folder in settings.PDF_FONT_DIRS]
    spec = find_spec(_FONTS_WHEEL)
    return [str(Path(place, "files")) for place in (spec.submodule_search_locations if spec else None) or []]


def fonts() -> typst.Fonts:
    """The fonts of those folders, read once for each process."""
    return _read(tuple(folders()))


@lru_cache(maxsize=4)
def _read(places: tuple[str, ...]) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=list(places))


def families() -> str:
    """The typefaces of a paper in their order, as JSON for a template's sys.inputs.families."""
    return json.dumps([settings.PDF_FONT_FAMILY, *_FOR_SIGNS])


def unprintable(text: str) -> str:
    """The characters of `text` that papers cannot show, each once, sorted: for a form to refuse them in time."""
    letters = sorted(set(unicodedata.normalize("NFC", text)) - _INVISIBLE)
    if not _fault("".join(letters), families()):
        return ""
    return "".join(letter for letter in letters if _fault(letter, families()))


def check_typeface(**kwargs: Any) -> list[CheckMessage]:
    """A typeface that is missing or lacks Vietnamese letters is told at the start, not on a signed paper."""
    missing = [place for place in folders() if not Path(place).is_dir()]
    if missing or not folders():
        where = ", ".join(missing) or f"the package {_FONTS_WHEEL}"
        return [_error(f"The typeface of papers is missing: there is no {where}.", "documents.E001")]
    if settings.PDF_FONT_FAMILY not in fonts().families():
        found = ", ".join(sorted(fonts().families())) or "no typeface"
        text = f"PDF_FONT_FAMILY is {settings.PDF_FONT_FAMILY}, but the folders hold {found}."
        return [_error(text, "documents.E002")]
    if fault := _fault(VIETNAMESE + OTHERS, json.dumps([settings.PDF_FONT_FAMILY])):
        return [_error(f"{settings.PDF_FONT_FAMILY} cannot print Vietnamese papers: {fault}", "documents.E003")]
    return []


def _error(text: str, number: str) -> CheckMessage:
    return Error(text, hint="Install the packages of pyproject.toml, or set PDF_FONT_DIRS, PDF_FONT_FAMILY.", id=number)


def _fault(letters: str, typefaces: str) -> str:
    """What Typst has against printing these letters; PDF/A forbids a letter without a shape, so that it tells."""
    inputs = {"families": typefaces, "letters": letters}
    compiler = typst.Compiler(_PROBE, font_paths=fonts(), sys_inputs=inputs)
    try:
        _pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["a-2b"])
    except typst.TypstError as error:
        return error.message
    return "; ".join(warning.message for warning in warnings)
