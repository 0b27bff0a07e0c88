from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.domain.check import check


class Command(BaseCommand):
    help = (
        "Check that nothing which was signed, scored or ranked was changed since; exits with an error if something was."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = check()
        for fault in found.faults:
            self.stdout.write(fault)
        if found.faults:
            words = ngettext("%(n)d fault was found.", "%(n)d faults were found.", len(found.faults))
            raise CommandError(words % {"n": len(found.faults)})
        facts = {"commitments": found.commitments, "papers": found.papers}
        self.stdout.write(_("%(commitments)d commitments and %(papers)d papers: nothing was changed.") % facts)
