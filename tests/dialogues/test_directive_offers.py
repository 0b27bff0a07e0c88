"""Golden tables: which buttons each role sees in each state of conclusions and directives.

"(-)": a guard disables it. Rewrite them with GOLDEN=write and read the difference before committing.
"""

from __future__ import annotations

from dialogues.models import Conclusion, Directive
from tests.dialogues.directing import CONCLUSION_PATHS, DIRECTIVE_PATHS, conclusion_at, directive_at, step
from tests.dialogues.test_item_offers import agrees_with, rows
from tests.factories import Force


def test_buttons_of_a_conclusion(force: Force) -> None:
    assert set(CONCLUSION_PATHS) == set(Conclusion.State.values)
    lines = [line for state in CONCLUSION_PATHS for line in rows(state, conclusion_at(force, state), force)]
    empty = conclusion_at(force, number=0, assessment="")
    agrees_with("conclusion_offers.txt", lines + rows("+empty", empty, force))


def test_buttons_of_a_directive(force: Force) -> None:
    assert set(DIRECTIVE_PATHS) == set(Directive.State.values)
    lines = [line for state in DIRECTIVE_PATHS for line in rows(state, directive_at(force, state), force)]
    asked = step(directive_at(force, "in_progress"), "ask_time", force)
    told = step(directive_at(force, "in_progress"), "update", force)
    agrees_with("directive_offers.txt", [*lines, *rows("+time asked", asked, force), *rows("+45 %", told, force)])
