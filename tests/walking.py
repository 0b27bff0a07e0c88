"""Random walks on the real database: each example is a transaction of its own, and leaves nothing behind."""

from __future__ import annotations

import sys

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from cchc.workflow.chain import verify


class Walk(RuleBasedStateMachine):
    """What people do, as rules, and what holds whatever they do, as invariants."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def arrive(self) -> None:
        """What is looked at once, when nothing has failed on the way."""
        assert verify().ok

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.arrive()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)


def walked(machine: type[Walk], *, examples: int, steps: int) -> None:
    """So many walks of at most so many steps each."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a walk takes minutes
        ),
    )
