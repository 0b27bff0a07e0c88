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
MANAGE_PLANS = permission("manage_plans", secretary="h", provincial_secretary="h")
SEE_PLANS = permission(
    "see_plans", reading=True,
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

# Conclusions and directives: what was told to be done, by whom and by when
WRITE_CONCLUSION = permission("write_conclusion", secretary="h", provincial_secretary="h")
ISSUE_CONCLUSION = permission("issue_conclusion", leader="h", deputy_leader="h", provincial_leader="h")
SEE_DIRECTIVES = permission(
    "see_directives", reading=True,
    officer="a", unit_chief="a", secretary="a", leader="a", deputy_leader="a",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip
READ_ASSIGNED = permission(
    "read_assigned", on="lead", reading=True,
    unit_chief="u", secretary="p", leader="p", deputy_leader="p", provincial_secretary="p", provincial_leader="p",
)  # fmt: skip
FOLLOW_DIRECTIVES = permission(
    "follow_directives", reading=True, secretary="h", leader="h", deputy_leader="h",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip
# The secretary above reports for a unit that does not work with the app.
CARRY_OUT = permission("carry_out", on="lead", unit_chief="u", secretary="p", provincial_secretary="p")

# Inspections: what a delegation asks for and finds
READ_INSPECTION = permission(
    "read_inspection", reading=True, secretary="h", leader="h", deputy_leader="h",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip
RECORD_FINDINGS = permission("record_findings", secretary="h", provincial_secretary="h", inspector="p")
HAND_IN = permission("hand_in", on="unit", unit_chief="u", secretary="p", provincial_secretary="p")

# Results: satisfaction, outside gradings, good practices
SEE_SURVEYS = permission(
    "see_surveys", reading=True,
    officer="a", unit_chief="a", secretary="a", leader="a", deputy_leader="a",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip
MANAGE_SURVEYS = permission("manage_surveys", secretary="h", provincial_secretary="h")
READ_COMMENTS = permission(
    "read_comments", reading=True, secretary="h", leader="h", deputy_leader="h",
    provincial_secretary="h", provincial_leader="h",
)  # fmt: skip
SEE_GRADINGS = permission(
    "see_gradings", on="unit", reading=True,
    officer="a", unit_chief="a", secretary="a", leader="a", deputy_leader="a",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip
REGISTER_GRADING = permission("register_grading", on="unit", secretary="h", provincial_secretary="p")
# What is published is there for everybody to take over: that one holds it anywhere is enough.
SEE_PRACTICES = permission(
    "see_practices", reading=True,
    officer="u", unit_chief="u", secretary="h", leader="h", deputy_leader="h",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip
PROPOSE_PRACTICE = permission(
    "propose_practice", on="unit", officer="u", unit_chief="u", secretary="p", provincial_secretary="p"
)  # fmt: skip
REVIEW_PRACTICE = permission("review_practice", secretary="h", provincial_secretary="p")
ADOPT_PRACTICE = permission(
    "adopt_practice", on="unit", unit_chief="u", secretary="p", leader="h", deputy_leader="h",
    provincial_secretary="p", provincial_leader="h",
)  # fmt: skip
