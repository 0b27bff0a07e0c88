from django.urls import path

from .views import PEOPLE, UNITS, import_preview, import_template, import_upload

urlpatterns = [
    path("units/import/", import_upload, {"kind": UNITS}, name="unit_import"),
    path("units/import/template/", import_template, {"kind": UNITS}, name="unit_import_template"),
    path("units/import/<slug:token>/", import_preview, {"kind": UNITS}, name="unit_import_preview"),
    path("people/import/", import_upload, {"kind": PEOPLE}, name="person_import"),
    path("people/import/template/", import_template, {"kind": PEOPLE}, name="person_import_template"),
    path("people/import/<slug:token>/", import_preview, {"kind": PEOPLE}, name="person_import_preview"),
]
