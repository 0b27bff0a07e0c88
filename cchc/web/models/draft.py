"""What somebody is typing, kept on the server so that nothing is lost (and nothing stays in the browser)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Draft(models.Model):
    """The fields of one form, of one person or of one guest's session."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    session_key = models.CharField(_("session"), max_length=40, blank=True, default="")
    key = models.CharField(_("form"), max_length=200)
    data = models.JSONField(_("fields"))
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], condition=Q(session_key=""), name="web_draft_of_person"),
            models.UniqueConstraint(
                fields=["session_key", "key"], condition=Q(person=None), name="web_draft_of_session"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, session_key="") | Q(Q(person=None), ~Q(session_key="")),
                name="web_draft_one_owner",
            ),
        ]
        indexes = [models.Index(fields=["saved_at"], name="web_draft_by_age")]

    def __str__(self) -> str:
        return self.key
