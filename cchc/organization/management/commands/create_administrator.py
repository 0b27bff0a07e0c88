from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.organization.domain.person import create_person, give_code
from cchc.organization.domain.position import appoint
from cchc.organization.domain.unit import create_unit
from cchc.organization.enums import Role, UnitKind
from cchc.organization.models import Unit


class Command(BaseCommand):
    help = "The first account of a new site: an administrator, who then makes units and people on the pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("full_name")
        parser.add_argument("--unit", required=True, help="code of the unit; with --unit-name it is made")
        parser.add_argument("--unit-name", help="name of a new provincial police command to begin with")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        at, code = timezone.now(), options["unit"]
        try:
            unit = Unit.objects.filter(code=code).first()
            if unit is None and options["unit_name"]:
                name = options["unit_name"]
                unit = create_unit(code=code, name=name, short_name=name[:60], kind=UnitKind.PROVINCE_POLICE, at=at)
            if unit is None:
                raise CommandError(_("There is no unit %(code)s; give its name with --unit-name.") % {"code": code})
            person = create_person(username=options["username"], full_name=options["full_name"], at=at)
            appoint(person, unit, Role.ADMINISTRATOR, valid_from=timezone.localtime(at).date(), at=at)
            password = give_code(person, by=None, at=at)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(
            _("Sign in as %(name)s with the one-time code %(code)s.") % {"name": person.username, "code": password}
        )
