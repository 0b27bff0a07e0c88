from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cchc.workflow.chain import verify


class Command(BaseCommand):
    help = "Check the hash chain of the ledger; exits with an error at the first broken event."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify()
        if not verdict.ok:
            raise CommandError(_("The ledger is broken at event %(seq)s.") % {"seq": verdict.first_broken})
        facts = {"count": verdict.events, "head": verdict.head}
        self.stdout.write(_("%(count)s events, chain complete, head %(head)s") % facts)
