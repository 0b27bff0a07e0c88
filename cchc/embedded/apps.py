from django.apps import AppConfig

from cchc import celery  # noqa: F401 - so that every shared task finds its queue, in whatever process


class EmbeddedConfig(AppConfig):
    name = "cchc.embedded"
