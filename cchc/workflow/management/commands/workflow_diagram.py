from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cchc.workflow.flow import FLOWS, Workflow


def mermaid(flow: Workflow) -> str:
    """The flow as a Mermaid state diagram, one line per possible move."""
    lines = ["stateDiagram-v2", f"    %% {flow.name}"]
    for row in flow.transitions:
        for source in row.sources:
            targets = (source,) if row.target is None else row.targets
            lines += [f"    {source} --> {target}: {row.action} ({row.who.name})" for target in targets]
    return "\n".join(lines)


class Command(BaseCommand):
    help = "Draw every flow (or the named one) as a Mermaid state diagram."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("flow", nargs="?", choices=sorted(FLOWS))

    def handle(self, *args: Any, **options: Any) -> None:
        names = [options["flow"]] if options["flow"] else sorted(FLOWS)
        self.stdout.write("\n\n".join(mermaid(FLOWS[name]) for name in names))
