"""Vietnamese text: made safe to store, folded for search, keyed for sorting."""

import re
import unicodedata

# What cchc_fold() in the database strips and maps too (migration web.0001): keep the two alike.
MARKS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u031b\u0323\u0327\u0328"
_FOLD = str.maketrans(
    {**dict.fromkeys(MARKS, ""), "đ": "d", "Đ": "d"} | {chr(c): chr(c + 32) for c in range(ord("A"), ord("Z") + 1)}
)
# What cchc_words() turns into spaces.
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r\u00a0\u00ab\u00bb\u2013\u2014\u2018\u2019\u201c\u201d\u2026"
_SPACED = str.maketrans(dict.fromkeys(PUNCTUATION, " "))

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but TAB and LF
    "\u202a-\u202e\u2066-\u2069"  # bidirectional overrides make a text read other than it is
    "\ud800-\udfff\ufeff\ufffe\uffff]"  # halves of a pair, and what no XML (DOCX, XLSX) may hold
)
_PILED = re.compile("([\u0300-\u036f]{4})[\u0300-\u036f]+")


def clean(text: str) -> str:
    """`text` as it may be stored and shown: NFC, line feeds only, trimmed; no controls, overrides, heaped-up marks."""
    text = _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", _PILED.sub(r"\1", text)).strip()


def fold(text: str) -> str:
    """`text` without accents and case: "Cải cách" is "cai cach". The database's cchc_fold() says the same."""
    return unicodedata.normalize("NFD", text).translate(_FOLD)


def words(text: str) -> list[str]:
    """The folded words of `text` in their order. The database's cchc_words() says the same."""
    return fold(text).translate(_SPACED).split()


# --- Sorting -------------------------------------------------------------------------------------------------------
# Comparing the bytes of two keys (collation "C") compares the texts as a Vietnamese dictionary does, by syllables:
# first the letters (a ă â b c d đ e ê ...), then the tone (none, huyền, hỏi, ngã, sắc, nặng); case decides last.
# A syllable is its letters (A-a), then its tones (!-&, below digits and letters, so that "ba" with any tone is before
# "ban"); a number is its length and digits, so that 2 is before 10; what ties is told apart after a space.

_LETTERS = {letter: chr(ord("A") + n) for n, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_SHAPES = {"a\u0306": "ă", "a\u0302": "â", "e\u0302": "ê", "o\u0302": "ô", "o\u031b": "ơ", "u\u031b": "ư"}
_TONES = dict(zip("\u0300\u0309\u0303\u0301\u0323", '"#$%&', strict=True))
_SYLLABLE = re.compile(r"[^\W_]+")


def sort_key(text: str) -> str:
    """A key that sorts as Vietnamese does in a column with the collation "C". At most 3 * len(text) + 1 characters."""
    return _key([text])


def person_sort_key(full_name: str) -> str:
    """As sort_key(), for people: by given name (the last word), then family name (the first), then what is between."""
    family, *middle = full_name.split() or [""]
    given = middle.pop() if middle else ""
    return _key([given, family, " ".join(middle)] if given else [family])


def _key(parts: list[str]) -> str:
    letters, capitals = [], ""
    for part in parts:
        syllables = _SYLLABLE.findall(unicodedata.normalize("NFC", part))
        letters.append("".join(map(_syllable_key, syllables)))
        capitals += "".join("1" if char.isupper() else "0" for syllable in syllables for char in syllable)
    return " ".join([*letters, capitals.rstrip("0")]).rstrip()


def _syllable_key(syllable: str) -> str:
    key, tones, number = "", "", ""
    for char in syllable:
        if char.isdecimal():
            number += str(int(char))
            continue
        key += _number_key(number)
        number = ""
        base, *marks = list(unicodedata.normalize("NFD", char.lower()))
        shaped = next((_SHAPES[base + mark] for mark in marks if base + mark in _SHAPES), base)
        key += _LETTERS.get(shaped, shaped)
        tones += "".join(_TONES.get(mark, "") for mark in marks)
    return key + _number_key(number) + (tones or "!")


def _number_key(digits: str) -> str:
    digits = digits.lstrip("0") or digits[:1]
    return f"{min(len(digits), 9)}{digits}" if digits else ""
