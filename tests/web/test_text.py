import unicodedata

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc.web.text import clean, fold, person_sort_key, sort_key, words

BASES = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
LETTERS = [unicodedata.normalize("NFC", base + tone) for base in BASES for tone in TONES]
LETTERS += [letter.upper() for letter in LETTERS]
BOTH_FORMS = LETTERS + [unicodedata.normalize("NFD", letter) for letter in LETTERS]
MIXED = st.lists(st.sampled_from(BOTH_FORMS) | st.sampled_from(" .,-/09ZéñüÖçø'\"\\%&:*“”–…\t\n"), max_size=60).map(
    "".join
)


def in_database(function: str, texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT array_agg({function}(t) ORDER BY n) FROM unnest(%s::text[]) WITH ORDINALITY x(t, n)", [texts]
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_every_vietnamese_letter_folds_alike_in_python_and_sql() -> None:
    folded = [fold(letter) for letter in BOTH_FORMS]
    assert in_database("cchc_fold", BOTH_FORMS) == folded
    assert set(folded) <= set("abcdefghijklmnopqrstuvwxyz")


@pytest.mark.django_db
@settings(deadline=None)
@given(st.lists(MIXED, min_size=1, max_size=20))
def test_any_text_folds_alike_in_python_and_sql(texts: list[str]) -> None:
    assert in_database("cchc_fold", texts) == [fold(text) for text in texts]
    assert [text.split() for text in in_database("cchc_words", texts)] == [words(text) for text in texts]


@pytest.mark.django_db
def test_the_functions_may_stand_in_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, provolatile, proparallel FROM pg_proc WHERE proname LIKE 'cchc_%' ORDER BY 1")
        assert [row for row in cursor.fetchall() if row[0] in ("cchc_fold", "cchc_words")] == [
            ("cchc_fold", "i", "s"),
            ("cchc_words", "i", "s"),
        ]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Cải cách hành chính", "cai cach hanh chinh"),
        ("ĐỐI THOẠI", "doi thoai"),
        (unicodedata.normalize("NFD", "Thái Hòa, Nghệ An"), "thai hoa, nghe an"),
        ("Số: 317/KH-CAT-PV01", "so: 317/kh-cat-pv01"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words() -> None:
    assert words("Số: 317/KH-CAT-PV01, “ưu tiên”…") == ["so", "317", "kh", "cat", "pv01", "uu", "tien"]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Hỏi về\thộ chiếu\r\n\r\nXin cảm ơn \n", "Hỏi về\thộ chiếu\n\nXin cảm ơn"),
        ("a\x00b\x1b[31m\x85c\x7f", "ab[31mc"),
        ("tệp\u202etxt.exe\u2066\u2069", "tệptxt.exe"),
        ("a\ud800b\udfffc", "abc"),
        ("\ufeffHọ và tên\uffff", "Họ và tên"),
        (unicodedata.normalize("NFD", "Đường"), "Đường"),
        ("e" + "\u0301" * 500, "é\u0301\u0301\u0301"),
        ("👮🏽 đồng chí", "👮🏽 đồng chí"),
        ("\x00 \x00", ""),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(st.characters(exclude_categories=[]), max_size=80))
def test_what_was_cleaned_can_be_stored_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned


GOLDEN = [
    [*"aăâbcdđeêghiklmnoôơpqrstuưvxy"],
    ["a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "ẳ", "ẵ", "ắ", "ặ", "â", "ầ", "ẩ", "ẫ", "ấ", "ậ"],
    ["ba", "ba hoa", "ba lô", "bà", "bà con", "bà già", "bả", "bã", "bá", "bạ", "ban", "bàn", "băn", "bân"],
    ["an", "An", "AN", "an ninh", "An ninh", "áo", "ăn", "ân"],
    ["Công an phường Hòa Hiếu", "Công an phường Long Sơn", "Công an phường Quang Tiến", "Công an xã Đông Hiếu",
     "Công an xã Nghĩa Hòa", "Công an xã Nghĩa Mỹ", "Công an xã Tây Hiếu"],
    ["Danh", "Dung", "Dương", "Đại", "Đạt", "Đức", "Em"],
    ["Đội 1", "Đội 2", "Đội 10", "Đội An ninh", "Đội Tổng hợp"],
    ["PC", "PC06", "PC07", "PC10", "PV01"],
    ["Thủy lợi", "Thúy"],
]  # fmt: skip


@pytest.mark.parametrize("in_order", GOLDEN, ids=lambda texts: texts[0])
def test_sort_key_orders_as_a_dictionary_does(in_order: list[str]) -> None:
    decomposed = [unicodedata.normalize("NFD", text) for text in reversed(in_order)]
    keys = [sort_key(text).encode() for text in in_order]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert [sort_key(text).encode() for text in reversed(decomposed)] == keys


def test_both_ways_to_place_a_tone_sort_alike() -> None:
    assert sort_key("hòa thúy") == sort_key("hoà thuý")


def test_people_sort_by_given_name_then_family_name_then_the_rest() -> None:
    people = [
        "Bùi Thị An",
        "Nguyễn An",
        "Nguyễn Hải An",
        "Nguyễn Văn An",
        "Trần An",
        "Phạm Đức Anh",
        "Lê Thị Dung",
        "Đặng Văn Đạt",
        "Hoàng Đạt",
        "Thủy",
        "Lê Thủy",
        "Cao Thúy",
    ]
    keys = [person_sort_key(name).encode() for name in people]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@given(MIXED)
def test_a_sort_key_is_plain_and_of_bounded_length(text: str) -> None:
    for key in (sort_key(text), person_sort_key(text)):
        assert len(key) <= 3 * len(unicodedata.normalize("NFC", text)) + 1
        assert "\x00" not in key
