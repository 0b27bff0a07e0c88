from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.domain.ranking import differences
from commitments.models import Ranking


class Command(BaseCommand):
    help = "Compute a published ranking again from its frozen input; prints what differs and exits with an error then."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="of the campaign")

    def handle(self, *args: Any, **options: Any) -> None:
        ranking = Ranking.objects.filter(campaign__code=options["code"]).first()
        if ranking is None:
            raise CommandError(_("No ranking of %(code)s was published.") % {"code": options["code"]})
        found = differences(ranking)
        for line in found:
            self.stdout.write(line)
        if found:
            words = ngettext("%(n)d difference.", "%(n)d differences.", len(found))
            raise CommandError(words % {"n": len(found)})
        facts = {"n": ranking.places.count(), "digest": ranking.digest}
        self.stdout.write(_("%(n)d places computed again from the input %(digest)s: no difference.") % facts)
