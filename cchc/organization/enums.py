"""The fixed vocabularies of the organization: roles, ranks and kinds are code; their holders are data."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OFFICER = "officer", _("Officer")
    UNIT_CHIEF = "unit_chief", _("Unit chief")
    SECRETARY = "secretary", _("Secretary")
    LEADER = "leader", _("Leader")
    DEPUTY_LEADER = "deputy_leader", _("Deputy leader")
    PROVINCIAL_SECRETARY = "provincial_secretary", _("Provincial secretary")
    PROVINCIAL_LEADER = "provincial_leader", _("Provincial leader")
    INSPECTOR = "inspector", _("Inspector")
    ADMINISTRATOR = "administrator", _("Administrator")


# These roles owe for their own unit; all others owe for the command that they serve.
OWN_UNIT_ROLES = frozenset({Role.OFFICER, Role.UNIT_CHIEF})
# Who does the work of a role at his own command: a deputy that of the head, the province's people that of a host's.
STANDS_FOR = {
    Role.DEPUTY_LEADER: Role.LEADER,
    Role.PROVINCIAL_LEADER: Role.LEADER,
    Role.PROVINCIAL_SECRETARY: Role.SECRETARY,
}


class UnitKind(TextChoices):
    MINISTRY = "ministry", _("Ministry")
    MINISTRY_DEPARTMENT = "ministry_department", _("Ministry department")
    PROVINCE_POLICE = "province_police", _("Provincial police")
    DIVISION = "division", _("Division")
    DISTRICT_POLICE = "district_police", _("District-level police")
    TEAM = "team", _("Team")
    WARD_POLICE = "ward_police", _("Ward police")
    COMMUNE_POLICE = "commune_police", _("Commune police")
    GROUP = "group", _("Group")
    MASS_ORGANIZATION = "mass_organization", _("Mass organization")
    PARTY_COMMITTEE = "party_committee", _("Party committee")
    INSPECTION_DELEGATION = "inspection_delegation", _("Inspection delegation")
    EXTERNAL_BODY = "external_body", _("External body")


# The kinds that have a head of their own who may host a conference; every other unit serves the nearest one above it.
COMMAND_KINDS = frozenset(
    {
        UnitKind.MINISTRY,
        UnitKind.PROVINCE_POLICE,
        UnitKind.DISTRICT_POLICE,
        UnitKind.WARD_POLICE,
        UnitKind.COMMUNE_POLICE,
    }
)


class Rank(IntegerChoices):
    """Ranks of the People's Public Security Forces, in their order (Luật CAND 2018, Điều 21)."""

    NONE = 0, _("No rank")
    HA_SI = 1, _("Corporal")
    TRUNG_SI = 2, _("Sergeant")
    THUONG_SI = 3, _("Master sergeant")
    THIEU_UY = 4, _("Second lieutenant")
    TRUNG_UY = 5, _("Lieutenant")
    THUONG_UY = 6, _("Senior lieutenant")
    DAI_UY = 7, _("Captain")
    THIEU_TA = 8, _("Major")
    TRUNG_TA = 9, _("Lieutenant colonel")
    THUONG_TA = 10, _("Senior lieutenant colonel")
    DAI_TA = 11, _("Colonel")
    THIEU_TUONG = 12, _("Major general")
    TRUNG_TUONG = 13, _("Lieutenant general")
    THUONG_TUONG = 14, _("Senior lieutenant general")
    DAI_TUONG = 15, _("General")


class ActingKind(TextChoices):
    """How somebody signs for the head of the unit (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

    DIRECT = "", _("In person")
    KT = "kt", _("KT. (for the head)")
    TL = "tl", _("TL. (by order)")
    TUQ = "tuq", _("TUQ. (by authorization)")
    TM = "tm", _("TM. (on behalf of)")


class SuccessionKind(TextChoices):
    MERGED = "merged", _("Merged")
    SPLIT = "split", _("Split")
    DISSOLVED = "dissolved", _("Dissolved")
    RENAMED = "renamed", _("Renamed")
    FUNCTION_TRANSFER = "function_transfer", _("Function transferred")
