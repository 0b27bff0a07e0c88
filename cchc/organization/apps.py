from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "cchc.organization"
    label = "organization"
