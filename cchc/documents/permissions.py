"""Who prepares, reads and issues papers, and who sets how a unit's papers look."""

from cchc.organization.permissions import permission

PREPARE_PAPERS = permission("prepare_papers", secretary="h", provincial_secretary="h")
READ_DRAFT_PAPERS = permission(
    "read_draft_papers", reading=True, secretary="h", leader="h", deputy_leader="h",
    provincial_secretary="h", provincial_leader="h",
)  # fmt: skip
# The head signs; the clerk enters number and day into the register and sends it out (Nghị định 30/2020, Điều 15, 18).
ISSUE_PAPERS = permission(
    "issue_papers", secretary="h", leader="h", deputy_leader="h", provincial_secretary="h", provincial_leader="h"
)  # fmt: skip
# Papers about no single matter, such as a year's report; and the register.
READ_UNIT_PAPERS = permission(
    "read_unit_papers", reading=True, secretary="h", leader="h", deputy_leader="h",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip
SET_LETTERHEAD = permission("set_letterhead", on="unit", secretary="h", provincial_secretary="h", administrator="p")
