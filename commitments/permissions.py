"""Who may do what with commitments (security.md §4): letters are how far a right reaches from the post.

u own unit · h the command the post serves · p that command and all below. Whoever heads a unit that must sign holds the
post of its chief, also where the unit is a command itself; a deputy signs by an acting post (KT.).
"""

from cchc.organization.permissions import permission

PREPARE_CAMPAIGN = permission("prepare_campaign", secretary="h", provincial_secretary="h")
DIRECT_CAMPAIGN = permission("direct_campaign", leader="h", deputy_leader="h", provincial_leader="h")
READ_COMMITMENTS = permission(
    "read_commitments", reading=True, secretary="h", leader="h", deputy_leader="h",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip
READ_OWN_COMMITMENT = permission(
    "read_own_commitment", on="unit", reading=True, officer="u", unit_chief="u",
)  # fmt: skip
REGISTER = permission("register_tasks", on="unit", unit_chief="u")
REGISTER_FOR = permission("register_tasks_for", secretary="h", provincial_secretary="h")
SIGN = permission("sign_commitment", on="unit", unit_chief="u")
COUNTERSIGN = permission("countersign", leader="h", deputy_leader="h", provincial_leader="h")
TERMINATE = permission("terminate_commitment", secretary="h", provincial_secretary="h")
CHECK = permission("check_commitment", secretary="h", provincial_secretary="h")
SCORE = permission("score_commitment", leader="h", deputy_leader="h", provincial_leader="h")
