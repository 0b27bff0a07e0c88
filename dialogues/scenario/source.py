"""The case as data, on its true dates or moved by whole weeks so that it looks alive today."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

HERE = Path(__file__).parent
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
QUARTERS = ("I", "II", "III", "IV")
# A law keeps its date: "831/NQ-UBTVQH14 ngày 17/12/2019".
_OF_A_LAW = re.compile(r"/(NĐ|NQ|QH|TT|QĐ)\w*(-\w+)* ngày $")
_DAY = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_MONTH = re.compile(r"\b(tháng) (\d{1,2})/(\d{4})\b")
_BARE_MONTH = re.compile(r"\b(tháng) (0\d|1[0-2])(?![/\d])")
_QUARTER = re.compile(r"\b(quý) (I|II|III|IV)/(\d{4})\b")
_YEAR = re.compile(r"\b(năm) (201[5-9]|2020)\b")


def read(weeks: int = 0) -> dict[str, Any]:
    """The scenario with its staging under "stage"; every date in it, and in its prose, *weeks* later."""
    data = yaml_of("thai-hoa-2020.yaml") | {"stage": yaml_of("stage.yaml")}
    if not weeks:
        return data
    moved: dict[str, Any] = Shift(timedelta(weeks=weeks), data["conference"]["date"]).all(data)
    moved["conference"]["code"] = f"HN-{moved['conference']['date'].year}-01"
    return moved


def yaml_of(name: str) -> dict[str, Any]:
    # The C loader reads the 4,000 lines ten times as fast, where it was built in.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe one
    return data


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """That day and hour in Vietnam; minutes may run past the hour."""
    return datetime.combine(day, time(hour), tzinfo=HANOI) + timedelta(minutes=minute)


def day_of(at: datetime) -> date:
    return at.astimezone(HANOI).date()


class Shift:
    """Moves dates and the prose around them; *anchor* is the day whose year names the years in the prose."""

    def __init__(self, by: timedelta, anchor: date) -> None:
        self.by = by
        self.years = (anchor + by).year - anchor.year
        self.anchor = anchor

    def all(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.all(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.all(each) for each in value]
        if isinstance(value, date):  # a datetime too
            return value + self.by
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        text = _DAY.sub(self._day, text)
        text = _MONTH.sub(self._month, text)
        text = _BARE_MONTH.sub(
            lambda found: f"{found[1]} {self._middle(self.anchor.year, int(found[2])).month:02d}", text
        )
        text = _QUARTER.sub(self._quarter, text)
        return _YEAR.sub(lambda found: f"{found[1]} {int(found[2]) + self.years}", text)

    def _day(self, found: re.Match[str]) -> str:
        if _OF_A_LAW.search(found.string[: found.start()]):
            return found[0]
        return written(date(int(found[3]), int(found[2]), int(found[1])) + self.by)

    def _month(self, found: re.Match[str]) -> str:
        moved = self._middle(int(found[3]), int(found[2]))
        return f"{found[1]} {_month_number(moved.month)}/{moved.year}"

    def _quarter(self, found: re.Match[str]) -> str:
        moved = self._middle(int(found[3]), QUARTERS.index(found[2]) * 3 + 2)
        return f"{found[1]} {QUARTERS[(moved.month - 1) // 3]}/{moved.year}"

    def _middle(self, year: int, month: int) -> date:
        return date(year, month, 15) + self.by


def written(day: date) -> str:
    """A date as official papers write it: a zero before days below 10 and before months 1 and 2 (NĐ 30/2020/NĐ-CP)."""
    return f"{day.day:02d}/{_month_number(day.month)}/{day.year}"


def _month_number(month: int) -> str:
    return f"{month:02d}" if month < 3 else str(month)
