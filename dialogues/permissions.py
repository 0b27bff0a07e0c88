"""Who may do what in the dialogue (security.md §4): letters are how far a right reaches from the post.

u own unit · h the command the post serves · p that command and all below · a own unit and all above.
The province's people have the rights of a host's over what the province itself hosts.
"""

from cchc.organization.permissions import permission

# Conferences and plans
SEE_CONFERENCE = permission(
    "see_conference", reading=True,
    officer="a", unit_chief="a", secretary="a", leader="a", deputy_leader="a",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip
PREPARE_CONFERENCE = permission("prepare_conference", secretary="h", provincial_secretary="h")
DIRECT_CONFERENCE = permission("direct_conference", leader="h", deputy_leader="h", provincial_leader="h")
MANAGE_PLANS = permission("manage_plans", on="issuer", secretary="h", provincial_secretary="h")
SEE_PLANS = permission(
    "see_plans", on="issuer", reading=True,
    officer="a", unit_chief="a", secretary="a", leader="a", deputy_leader="a",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip

# Items
ASK = permission("ask", officer="a", unit_chief="a", secretary="a", leader="a", deputy_leader="a", reading=True)
ASK_FOR_OTHERS = permission("ask_for_others", secretary="h", provincial_secretary="h")
READ_ITEMS = permission(
    "read_items", reading=True, secretary="h", leader="h", deputy_leader="h",
    provincial_secretary="h", provincial_leader="h",
)  # fmt: skip
READ_ROUTED = permission("read_routed", on="lead_unit", unit_chief="u")
READ_PUBLISHED = permission(
    "read_published", reading=True,
    officer="a", unit_chief="a", secretary="a", leader="a", deputy_leader="a",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip
READ_ESCALATED = permission(
    "read_escalated", reading=True, provincial_secretary="p", provincial_leader="p", inspector="p"
)
TRIAGE = permission("triage", secretary="h", provincial_secretary="h")
PREPARE = permission("prepare", on="lead_unit", unit_chief="u")
ANSWER = permission("answer", leader="h", deputy_leader="h", provincial_leader="h")
PUBLISH = permission(
    "publish", secretary="h", leader="h", deputy_leader="h", provincial_secretary="h", provincial_leader="h"
)  # fmt: skip
REOPEN = permission("reopen", leader="h", deputy_leader="h", provincial_leader="h")
EXTEND = permission("extend", leader="h", deputy_leader="h", provincial_leader="h")
EXPORT = permission("export", reading=True, secretary="h", leader="h", deputy_leader="h", unit_chief="u",
                    provincial_secretary="p", provincial_leader="p", inspector="p")  # fmt: skip
SUPPORT = permission("support", officer="a", unit_chief="a", secretary="a")

# Escalations: what a host refers upward, and what the unit above makes of it
REPORT_UP = permission("report_up", secretary="h", provincial_secretary="h")
SEND_UP = permission("send_up", leader="h", deputy_leader="h", provincial_leader="h")
READ_RECEIVED = permission(
    "read_received", on="receiver", reading=True, provincial_secretary="h", provincial_leader="h", inspector="p"
)
READ_ADVISED = permission("read_advised", on="division", reading=True, unit_chief="u")
RECEIVE = permission("receive", on="receiver", provincial_secretary="h")
ADVISE = permission("advise", on="division", unit_chief="u", provincial_secretary="p")
ASK_FOR_MORE = permission("ask_for_more", on="receiver", provincial_secretary="h", provincial_leader="h")
RULE = permission("rule", on="receiver", provincial_leader="h")
