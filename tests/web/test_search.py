"""Search on a model of its own, so that nothing here depends on what the domains put in their vectors."""

from collections.abc import Iterator

import pytest
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cchc.web.search import FoldedVector, any_of, matching, query, scope
from cchc.web.text import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def notes() -> Iterator[type[models.Model]]:
    with isolate_apps("cchc.web"):

        class Note(models.Model):  # noqa: DJ008
            code = models.CharField(max_length=20, null=True)
            text = models.TextField()
            topic = models.IntegerField(null=True)
            open = models.BooleanField(default=True)
            search = models.GeneratedField(
                expression=FoldedVector("code", "text", scopes={"topic": "topic", "open": "open"}),
                output_field=SearchVectorField(),
                db_persist=True,
            )

            class Meta:
                app_label = "web"
                indexes = [GinIndex(fields=["search"], name="note_search")]

        with connection.schema_editor() as editor:
            editor.create_model(Note)
        Note.objects.create(code="CH-05", text="Cải cách hành chính, cấp hộ chiếu tại 317/KH-CAT-PV01", topic=7)
        Note.objects.create(code="YK-12", text="Căn cước và cư trú: hỏi về hộ khẩu", topic=66)
        Note.objects.create(code=None, text="ĐĂNG KÝ XE, công dân & doanh nghiệp", open=False)
        yield Note


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cai cach", ["CH-05"]),
        ("CẢI CÁCH", ["CH-05"]),
        ("cách cải", ["CH-05"]),
        ("hộ", ["CH-05", "YK-12"]),
        ("ho chi", ["CH-05"]),
        ("chi ho", []),
        ("ch", ["CH-05"]),
        ("ch-05", ["CH-05"]),
        ("317/KH-CAT-PV01", ["CH-05"]),
        ("pv01", ["CH-05"]),
        ("kh cat", ["CH-05"]),
        ("dang ky xe", [None]),
        ("đăng doa", [None]),
        ("công dân & doanh nghiệp", [None]),
        ("khong co", []),
        ("???", []),
        ("  ", ["CH-05", "YK-12", None]),
        ("#topic:7", []),
    ],
)
def test_what_is_found(notes: type[models.Model], typed: str, found: list[str | None]) -> None:
    rows = matching(notes.objects.order_by("pk"), typed)
    assert [row.code for row in rows] == found


def test_scopes_narrow(notes: type[models.Model]) -> None:
    def codes(text: str, *scopes: str) -> list[str]:
        return [row.code for row in matching(notes.objects.order_by("pk"), text, *scopes)]

    assert codes("ho", scope("topic", 66)) == ["YK-12"]
    assert codes("", scope("topic", 7)) == ["CH-05"]
    assert codes("", scope("topic", 6)) == []
    assert codes("", scope("topic", None), scope("open", False)) == [None]
    assert codes("", scope("topic", "7' | 'x")) == []


def test_any_of_finds_what_shares_a_word(notes: type[models.Model]) -> None:
    rows = notes.objects.filter(search=any_of("làm hộ chiếu ở đâu")).order_by("pk")
    assert [row.code for row in rows] == ["CH-05", "YK-12"]
    rows = notes.objects.filter(search=any_of("làm hộ chiếu ở đâu", scope("topic", 66)))
    assert [row.code for row in rows] == ["YK-12"]
    assert any_of("?!") is None


def test_nothing_to_look_for_is_no_query() -> None:
    assert query(" ") is None
    assert query("-", scope("topic", 1)) is not None


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60) | st.text(" '\"\\&|!():*<->abc#%\x00é", max_size=30), st.text(max_size=10))
def test_no_text_breaks_a_query(text: str, value: str) -> None:
    with connection.cursor() as cursor:
        for found in (query(text), any_of(text, scope("topic", value)), query(text, scope("topic", value))):
            if found is None:
                continue
            sql, params = found.as_sql(connection.ops.compiler("SQLCompiler")(None, connection, None), connection)
            cursor.execute(f"SELECT to_tsvector('simple', 'x') @@ {sql}", params)


@settings(deadline=None, max_examples=100)
@given(st.text("abcđễỖư09 -/.,@:_'&+éÇ", min_size=1, max_size=40))
@example("số 2e5a và 1E20ea")
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    found = query(text)
    if found is None:
        assert words(text) == []
        return
    with connection.cursor() as cursor:
        compiler = connection.ops.compiler("SQLCompiler")(None, connection, None)
        sql, params = found.as_sql(compiler, connection)
        cursor.execute(f"SELECT to_tsvector('simple', cchc_words(%s)) @@ {sql}", [text, *params])
        assert cursor.fetchone() == (True,)


def test_a_migration_can_write_it_down() -> None:
    written, imports = MigrationWriter.serialize(FoldedVector("code", "text", scopes={"topic": "topic"}))
    assert written == "cchc.web.search.FoldedVector('code', 'text', scopes={'topic': 'topic'})"
    assert imports == {"import cchc.web.search"}


def test_scope_names_are_plain() -> None:
    with pytest.raises(ValueError):
        FoldedVector("text", scopes={"a' || 'b": "topic"})


def test_the_index_answers(notes: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "note_search" in matching(notes.objects.all(), "cai cach", scope("topic", 7)).explain()
