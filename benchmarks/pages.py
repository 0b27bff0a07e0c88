"""What is measured, and as whom: each page is a list of steps that the client goes through again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

EMPTY = "empty view"
# Two common words; a rare combination of three; a word without accents and the beginning of the next; one rare word.
SEARCHES = ("hồ sơ trực tuyến", "căn cước người cao tuổi", "cai cach hanh", "khu công nghiệp lưu động")
QUESTION = "Hồ sơ đăng ký thường trú nộp trực tuyến có phải mang bản giấy đến đối chiếu không, lần thứ {}?"
ANSWER = "Hồ sơ nộp trực tuyến đã có dữ liệu điện tử thì không phải mang bản giấy đến đối chiếu."


@dataclass(frozen=True)
class Page:
    """*steps* of GET requests run for a time; with *times*, forms are sent just so often in a round."""

    name: str
    steps: list[dict[str, Any]]
    times: int = 0
    good: tuple[int, ...] = (200,)


def pages(where: dict[str, Any]) -> list[Page]:
    """The pages of one database; *where* is what benchmarks.fill printed of it."""

    def steps(username: str, *paths: str) -> list[dict[str, Any]]:
        return [{"path": path, "cookie": f"cchc_session={where['sessions'][username]}"} for path in paths]

    closed = [f"/items/{pk}/" for pk in where["closed"]]
    prepared = [f"/items/{pk}/" for pk in where["prepared"][:8]]
    everything, words = "/items/?pill=all", [quote(text) for text in SEARCHES]
    return [
        Page(EMPTY, steps("thuky", "/bench/empty/")),
        Page("home, officer", steps("canbo.1", "/")),
        Page("home, secretary", steps("thuky", "/")),
        Page("home, leader", steps("truong", "/")),
        Page("item list, open", steps("thuky", "/items/")),
        Page("item list, all", steps("thuky", everything)),
        Page("item list, all, officer", steps("canbo.1", everything)),
        Page("item list, all, province", steps("thamtinh.1", everything)),
        Page("item list, open, province", steps("thamtinh.1", "/items/")),
        Page("item list, open, whole country", steps("thanhtra", "/items/")),
        Page("item list, all, whole country", steps("thanhtra", everything)),
        Page("filtered list", steps("thuky", f"{everything}&topic={where['topic']}&source=officers")),
        Page("filtered list, whole country", steps("thanhtra", f"{everything}&topic={where['topic']}&source=officers")),
        Page("search", steps("thuky", *(f"{everything}&q={text}" for text in words))),
        Page("search, province", steps("thamtinh.1", *(f"{everything}&q={text}" for text in words))),
        Page("search, whole country", steps("thanhtra", *(f"{everything}&q={text}" for text in words))),
        Page("item page, secretary", steps("thuky", *closed)),
        Page("item page, officer", steps("canbo.1", *closed)),
        Page("item page, leader", steps("truong", *prepared)),
        Page("conference page", steps("thuky", f"/conferences/{where['concluded']}/")),
        Page("submit (form and sending)", _submit(where), 16, (302,)),
        Page("answer (page and sending)", _answer(where), 16, (302,)),
    ]


def _submit(where: dict[str, Any]) -> list[dict[str, Any]]:
    path = f"/ask/to/{where['open']}/"
    return [
        {
            "form": path,
            "path": path,
            "cookie": f"cchc_session={key}",
            "keep": ["csrfmiddlewaretoken", "submit_key"],
            "fields": {"identity": "named", "kind": "question", "text": QUESTION.format(n)},
        }
        for n, (name, key) in enumerate(where["sessions"].items())
        if name.startswith("canbo.")
    ]


def _answer(where: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "form": f"/items/{pk}/",
            "path": f"/items/{pk}/do/answer/",
            "cookie": f"cchc_session={where['sessions']['truong']}",
            "keep": ["csrfmiddlewaretoken", "seen"],
            "fields": {"text": ANSWER, "kind": "explained"},
        }
        for pk in where["prepared"][8:]
    ]
