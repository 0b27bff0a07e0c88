"""Collecting, merging and checking translations."""

import gettext
import json

import pytest

from cchc.web import catalog

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy
A = _("Plain %(a)s")
B = ngettext("%(n)s day", "%(n)s days", 3)
C = pgettext_lazy("noun", "Ask")
D = _("Long " "joined") % _("nested")
"""
TEMPLATE = """
<div (unbalanced "quote>
      {% translate "Hello" %} {{ _("Filter")|default:_("Other") }}
  {% translate "100%" %} {% translate "May" context "month" %}
    {% blocktranslate trimmed with a=b count n=c %}
       One {{ a }} thing
    {% plural %}
       {{ n }} {{ a }} things
    {% endblocktranslate %}
  {% comment %} _("no") {% endcomment %}
</div>
"""
VIETNAMESE = {
    "Plain %(a)s": "Thường %(a)s",
    "%(n)s day|||%(n)s days": "%(n)s ngày",
    "noun|||@|||Ask": "Câu hỏi",
    "Long joined": "Dài",
    "nested": "trong",
    "Hello": "Chào",
    "Filter": "Lọc",
    "Other": "Khác",
    "100%": "100%",
    "month|||@|||May": "Tháng Năm",
    "One %(a)s thing|||%(n)s %(a)s things": "%(n)s việc %(a)s",
}


@pytest.fixture
def base(tmp_path):
    (tmp_path / "cchc").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "cchc" / "text.py").write_text(PYTHON)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


def test_every_source_string_is_found_and_translated(base):
    po = base / "django.po"
    report = catalog.update(po, offered=VIETNAMESE, base=base)
    assert (report.filled, report.unused) == (len(VIETNAMESE), [])
    assert catalog.problems(po, base) == []

    assert catalog.compile_catalog(po)
    assert not catalog.compile_catalog(po)
    with po.with_suffix(".mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    assert compiled.ngettext("%(n)s day", "%(n)s days", 2) == "%(n)s ngày"
    assert compiled.pgettext("noun", "Ask") == "Câu hỏi"
    assert compiled.gettext("100%%") == "100%%"

    # Once more without offers: nothing is lost, and nothing changes.
    before = po.read_bytes()
    catalog.update(po, base=base)
    assert po.read_bytes() == before


def test_what_is_missing_stale_fuzzy_or_broken_is_named(base):
    po = base / "django.po"
    offered = VIETNAMESE | {"Plain %(a)s": "Thường %(b)s", "Nobody asks": "Không ai hỏi"}
    del offered["Hello"]
    assert catalog.update(po, offered=offered, base=base).unused == ["Nobody asks"]
    text = po.read_text().replace('msgid "Other"', '#, fuzzy\nmsgid "Other"')
    po.write_text(text + '\nmsgid "Gone"\nmsgstr "Đã bỏ"\n')
    assert catalog.problems(po, base) == [
        "fuzzy: 'Other'",
        "missing: 'Hello' in templates/page.html",
        "placeholders differ: 'Plain %(a)s' → 'Thường %(b)s'",
        "stale: 'Gone'",
    ]


def test_files_that_differ_are_named(tmp_path):
    for name, text in (("a", "Một"), ("b", "Hai")):
        (tmp_path / f"{name}.json").write_text(json.dumps({"One": text, "Same": "Như nhau"}))
    assert catalog.offers_in(tmp_path) == ({"One": "Một", "Same": "Như nhau"}, ["One (b.json)"])


def test_our_own_catalog_is_complete():
    assert catalog.problems() == []
