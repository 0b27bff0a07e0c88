"""The table of roles and rights, as text: what is in the code, for people and for a test to read."""

from __future__ import annotations

from django.utils.module_loading import autodiscover_modules

from .enums import Role
from .permissions import REGISTRY, Permission

SHORT = {
    Role.OFFICER: "O",
    Role.UNIT_CHIEF: "C",
    Role.SECRETARY: "S",
    Role.LEADER: "L",
    Role.DEPUTY_LEADER: "D",
    Role.PROVINCIAL_SECRETARY: "PS",
    Role.PROVINCIAL_LEADER: "PL",
    Role.INSPECTOR: "I",
    Role.ADMINISTRATOR: "A",
}
LEGEND = """\
Roles: {roles}.
Reach: u the unit of the post; h the command it serves; p that command and everything below; a its unit and all above;
- none. A deputy leader (D) acts only with a written authority; rights marked "read" he holds without.
"Of" names the attribute of a subject whose unit is asked for.
"""


def access_matrix() -> str:
    """Role × right for every declared permission, in the order of declaration, ending with a legend."""
    autodiscover_modules("permissions")
    width = max(len(name) for name in REGISTRY)
    head = f"{'Right':{width}}  {'Of':10}  {'Kind':4}  " + "  ".join(f"{short:2}" for short in SHORT.values())
    lines = [head.rstrip(), "-" * len(head.rstrip()), *(_line(right, width) for right in REGISTRY.values())]
    roles = ", ".join(f"{short} {role.value}" for role, short in SHORT.items())
    return "\n".join(lines) + "\n\n" + LEGEND.format(roles=roles)


def _line(right: Permission, width: int) -> str:
    cells = "  ".join(f"{right.grants[role].value if role in right.grants else '-':2}" for role in SHORT)
    return f"{right.name:{width}}  {right.on:10}  {'read' if right.reading else 'act':4}  {cells}".rstrip()
