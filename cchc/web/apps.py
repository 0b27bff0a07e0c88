from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "cchc.web"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from cchc.web.assets import check_assets

        checks.register(check_assets, checks.Tags.staticfiles)
