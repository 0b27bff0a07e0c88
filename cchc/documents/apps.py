from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "cchc.documents"
    verbose_name = _("Documents and files")

    def ready(self) -> None:
        from cchc.documents.typeface import check_typeface

        checks.register(check_typeface)
