import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from cchc.web.forms import CleanForm
from cchc.web.templatetags.ui import error_summary


class Slip(CleanForm):
    title = forms.CharField(max_length=10)
    text = forms.CharField(widget=forms.Textarea, required=False)
    mail = forms.EmailField(required=False)
    password = forms.CharField(widget=forms.PasswordInput, strip=False, required=False)


def test_texts_are_cleaned_and_passwords_are_not() -> None:
    form = Slip({"title": " a\x00b\u202e ", "text": "x\r\ny\x07", "mail": "a@example.vn\x00", "password": " p\x07 "})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"title": "ab", "text": "x\ny", "mail": "a@example.vn", "password": " p\x07 "}


def test_what_is_too_long_is_a_sentence_and_keeps_the_text() -> None:
    form = Slip({"title": "Đường Đường Đường"})
    assert not form.is_valid()
    assert "10" in form.errors["title"][0]
    assert "Đường Đường Đường" in str(form["title"])


def test_a_text_of_nothing_visible_is_missing() -> None:
    assert "title" in Slip({"title": "\x00\u202e \ufeff"}).errors


def test_forms_do_not_share_the_cleaning() -> None:
    assert Slip.base_fields["title"].to_python("a\x00") == "a\x00"


@given(st.text(max_size=30))
def test_any_text_gives_a_form_or_a_sentence(text: str) -> None:
    form = Slip({"title": text, "text": text})
    if form.is_valid():
        assert 0 < len(form.cleaned_data["title"]) <= 10
        assert "\x00" not in form.cleaned_data["text"]


@pytest.mark.parametrize("value", ["a" * 10, "  " + "a" * 10 + "\r\n"])
def test_the_length_is_judged_after_the_cleaning(value: str) -> None:
    assert Slip({"title": value}).is_valid()


class Paper(CleanForm):
    count = forms.IntegerField()
    day = forms.DateField()
    kind = forms.ChoiceField(choices=[("a", "A")])
    own = forms.IntegerField(error_messages={"invalid": "Của riêng."})


def test_refusals_say_what_to_type() -> None:
    with override("en"):
        form = Paper({"count": "x", "day": "30/02/2020", "kind": "b", "own": "x"})
        assert {name: errors[0] for name, errors in form.errors.items()} == {
            "count": "Enter a whole number, for example 12.",
            "day": "Enter a date as day/month/year, for example 02/01/2020.",
            "kind": "Choose one of the values offered.",
            "own": "Của riêng.",
        }
        assert Paper({}).errors["count"] == ["Please fill this in."]
        assert Slip({"title": "a" * 11}).errors["title"] == ["At most 10 characters fit here; there are 11 now."]


def test_who_chose_files_is_told_to_choose_them_again_when_the_form_comes_back() -> None:
    class Report(CleanForm):
        title = forms.CharField()
        files = forms.FileField(required=False)

    chosen = {"files": SimpleUploadedFile("minh-chung.txt", b"x")}
    assert error_summary(Report({}, chosen))["files_again"]
    assert not error_summary(Report({}))["files_again"]
    assert not error_summary(Report({"title": "a"}, chosen))["files_again"]


def test_the_errors_stand_in_the_order_of_the_fields() -> None:
    form = Slip({"mail": "x", "title": "ab"})
    form.add_error("text", "Viết thêm.")
    form.add_error("title", "Trùng.")
    form.add_error(None, "Chưa gửi được.")
    assert [target for target, _words in error_summary(form)["errors"]] == ["", "id_title", "id_text", "id_mail"]
