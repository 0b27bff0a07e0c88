"""The states of a paper."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class DocumentState(TextChoices):
    DRAFT = "draft", pgettext_lazy("paper", "Draft")
    ISSUED = "issued", pgettext_lazy("paper", "Issued")
    REPLACED = "replaced", pgettext_lazy("paper", "Replaced")
    DISCARDED = "discarded", pgettext_lazy("paper", "Discarded")
