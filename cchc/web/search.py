"""Full-text search for Vietnamese that ignores accents and case, without any extension of the database.

A model declares a generated column and an index over it:

    search = GeneratedField(
        expression=FoldedVector("code", "text", scopes={"topic": "topic", "unit": "lead_unit"}),
        output_field=SearchVectorField(), db_persist=True,
    )
    indexes = [GinIndex(fields=["search"])]

and is searched with `matching(rows, "cai cach", scope("topic", 7))`. What a list filters by stands in the vector as
scopes, because "two words and a topic" over a million rows then reads one index instead of many rows.
Its migration depends on ("web", "0001_fold"). Lists should `.defer("search")`: the column is as long as the text.
"""

import re
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchVectorExact, SearchVectorField
from django.db.models import Func, QuerySet

from cchc.web.text import clean, words

MAX_WORDS = 16
MAX_LETTERS = 200
MIN_PREFIX = 3
# What PostgreSQL's parser takes for a number, though letters follow: of "2e5a" it makes two words.
_FLOAT = re.compile(r"^(\d+e\d+)(?=\D)")
_SCOPE_NAME = re.compile(r"[a-z_]+")
Rows = TypeVar("Rows", bound="QuerySet[Any]")


class FoldedVector(Func):
    """The folded words of text fields, and scopes: `{name: field}` puts the lexeme scope(name, value) in the vector."""

    output_field = SearchVectorField()

    def __init__(self, *fields: str, scopes: dict[str, str] | None = None, **extra: Any) -> None:
        self.scopes = tuple(scopes or ())
        if not all(map(_SCOPE_NAME.fullmatch, self.scopes)):
            raise ValueError("the name of a scope is made of lower-case letters and _")
        super().__init__(*fields, *(scopes or {}).values(), **extra)

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        sqls, params = [], []
        for expression in self.get_source_expressions():
            sql, values = compiler.compile(expression)
            sqls.append(sql)
            params += values
        count = len(sqls) - len(self.scopes)
        text = " || ' ' || ".join(f"coalesce({sql}, '')" for sql in sqls[:count])
        vector = f"to_tsvector('simple'::regconfig, cchc_words({text}))"
        if self.scopes:
            lexemes = (
                f"'#{n}:' || coalesce({sql}::text, '')" for n, sql in zip(self.scopes, sqls[count:], strict=True)
            )
            vector = f"({vector} || array_to_tsvector(ARRAY[{', '.join(lexemes)}]))"
        return vector, params


class FoldedQuery(SearchQuery):
    """A finished tsquery: its lexemes were quoted here and are not parsed again, so no text can act as an operator."""

    def __init__(self, value: str) -> None:
        super().__init__(value, search_type="raw")

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:  # type: ignore[override]
        sql, params = compiler.compile(self.get_source_expressions()[-1])
        return f"({sql})::tsquery", params


def scope(name: str, value: object) -> str:
    """The lexeme that FoldedVector(scopes={name: field}) writes for a row whose field has this value."""
    if isinstance(value, bool):
        value = str(value).lower()
    return f"#{name}:{'' if value is None else value}"


def query(text: str, *scopes: str) -> FoldedQuery | None:
    """Rows with all the words of `text` (the last one as a beginning, from three letters on) and in all the `scopes`.

    None when there is no word and no scope. Words after the sixteenth are ignored.
    """
    whole, beginning = _split(text)
    return _all_of([*whole, *beginning, *map(_quoted, scopes)])


def any_of(text: str, *scopes: str) -> FoldedQuery | None:
    """Rows with any word of `text` and in all the `scopes`, to be ranked for likeness. None without a word."""
    if not (terms := _terms(text)):
        return None
    return FoldedQuery(" & ".join([f"({' | '.join(map(_quoted, terms))})", *map(_quoted, scopes)]))


def matching(rows: Rows, text: str, *scopes: str, field: str = "search") -> Rows:
    """Those of `rows` that query() finds; all of them when `text` is blank, none when it holds no word ("???").

    With scopes, which leave few rows, the beginning of a word is looked for in these rows: the index would first
    collect every row of the table with any word that begins so.
    """
    if text.strip() and not _terms(text):
        return rows.none()
    whole, beginning = _split(text)
    if scopes and beginning:
        few = rows.filter(**{field: _all_of([*whole, *map(_quoted, scopes)])})
        return few.filter(SearchVectorExact(_Unindexed(field), _all_of(beginning)))
    found = query(text, *scopes)
    return rows.filter(**{field: found}) if found else rows


class _Unindexed(Func):
    """A vector as it stands in the row, in a form that matches no index."""

    template = "(%(expressions)s || '')"
    output_field = SearchVectorField()


def _all_of(lexemes: list[str]) -> FoldedQuery | None:
    return FoldedQuery(" & ".join(lexemes)) if lexemes else None


def _split(text: str) -> tuple[list[str], list[str]]:
    """The whole words of `text`, and the last one if it may be the beginning of a longer one; quoted."""
    terms = _terms(text)
    if terms and len(terms[-1]) >= MIN_PREFIX:
        return [*map(_quoted, terms[:-1])], [_quoted(terms[-1]) + ":*"]
    return [*map(_quoted, terms)], []


def _terms(text: str) -> list[str]:
    # PostgreSQL refuses a query with a word of 2 KB, and indexes none of that length either.
    parsed = [part for word in words(clean(text)) for part in _FLOAT.sub(r"\1 ", word, count=1).split()]
    typed = [word[:MAX_LETTERS] for word in parsed[:MAX_WORDS]]
    return [word for place, word in enumerate(typed) if word not in typed[place + 1 :]]  # the last word stays last


def _quoted(lexeme: str) -> str:
    lexeme = lexeme.replace("\\", "\\\\").replace("'", "''").replace("\0", "")
    return f"'{lexeme}'"
