from django.conf import settings
from django.urls import path, register_converter

from cchc.web.views import draft, gallery, home, preference


class DraftKey:
    regex = r"[A-Za-z0-9._:-]{1,200}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DraftKey, "draft_key")

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("menu/", home.menu, name="menu"),
    path("stay/", home.stay, name="stay"),
    path("healthz", home.alive, name="alive"),
    path("settings/theme/", preference.theme, name="theme"),
    path("settings/language/", preference.language, name="language"),
    path("drafts/<draft_key:key>/", draft.draft_save, name="draft_save"),
]
if settings.DEMO:
    urlpatterns.append(path("components/", gallery.gallery, name="gallery"))
