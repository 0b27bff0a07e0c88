"""The fixed vocabularies of reminding and sending."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(TextChoices):
    """A way to reach somebody outside the app; each is a class of cchc.followup.channels."""

    EMAIL = "email", _("E-mail")


class About(TextChoices):
    TURNS = "turns", _("What becomes my turn")
    DUTIES = "duties", _("Reminders of what I owe, and of what I answer for")
    NEWS = "news", _("Everything else I am told of")


class Manner(TextChoices):
    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("In the morning digest")
    OFF = "off", _("Only in the app")


class DeliveryState(TextChoices):
    QUEUED = "queued", pgettext_lazy("delivery", "Queued")
    CLAIMED = "claimed", pgettext_lazy("delivery", "Being sent")
    SENT = "sent", pgettext_lazy("delivery", "Sent")
    FAILED = "failed", pgettext_lazy("delivery", "Failed")
    DROPPED = "dropped", pgettext_lazy("delivery", "No longer needed")
