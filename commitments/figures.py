"""How the numbers of a year look: states of reports, bars as pictures whose figures are read aloud, points."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cchc.web import markup
from cchc.web.charts import Part, bar
from commitments.domain.report import TaskProgress
from commitments.enums import ReportState
from commitments.models import Entry, Report
from commitments.presentation import Shown, amount

R = ReportState
REPORT_STATES: dict[str, Shown] = {
    R.DUE: Shown(R.DUE.label, "", "s0"),
    R.SUBMITTED: Shown(R.SUBMITTED.label, "is-prep", "s2"),
    R.RETURNED: Shown(R.RETURNED.label, "is-wait", "sq"),
    R.ACCEPTED: Shown(R.ACCEPTED.label, "is-done", "s4"),
    R.CLOSED: Shown(R.CLOSED.label, "", "sx"),
}
# Colors of the parts of a bar in their order (theme.css); red stands for what is late or deducted only.
COLORS = ("c1", "c2", "c1l", "c3", "c4", "c6")
LATE = "c9"


def report_title(report: Report) -> str:
    """Wants `task` loaded."""
    if report.task:
        return _("Result of task %(n)d") % {"n": report.task.place}
    return _("Report of %(day)s") % {"day": markup.day(report.due_on)}


def report_badge(report: Report) -> SafeString:
    shown = REPORT_STATES[report.state]
    return markup.state_badge(shown.label, shown.tone, shown.glyph)


def progress_bar(progress: TaskProgress) -> SafeString:
    words = _("%(percent)d%% of the target") % {"percent": progress.percent}
    color = LATE if progress.is_late else COLORS[0]
    return bar([Part(color, Decimal(progress.percent), words)], words)


def structure_bar(parts: Iterable[tuple[str, Decimal]], deducted: Decimal = Decimal(0)) -> SafeString:
    """What each criterion adds to the whole score, and what was taken off."""
    shown = [Part(COLORS[n % len(COLORS)], value, f"{name}: {points(value)}") for n, (name, value) in enumerate(parts)]
    if deducted and shown:
        # Taken off at the end: the last part gives way to it.
        room = min(deducted, shown[-1].width)
        shown[-1] = Part(shown[-1].color, shown[-1].width - room, shown[-1].words)
        shown.append(Part(LATE, room, _("Deducted: %(points)s") % {"points": points(deducted)}))
    return bar(shown, ", ".join(part.words for part in shown) or _("No points yet"))


def reached(entry: Entry) -> str:
    """The number of an entry with the unit of its task. Wants `task` loaded."""
    return amount(entry.value, entry.task.measure_unit)


def points(value: Decimal | None, places: int = 2) -> str:
    """87.50 as 87,5; "" for none."""
    if value is None:
        return ""
    plain = f"{value:.{places}f}"
    return number_format(Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain), use_l10n=True)
