"""Sessions in the database, each knowing whose it is: what the session list shows and an administrator can end."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class SessionManager(BaseSessionManager["Session"]):
    pass


class Session(AbstractBaseSession):
    # Empty for a guest's session (language, receipt of a question): nothing in it names anybody.
    person = models.ForeignKey("organization.Person", models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(_("device"), max_length=120, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    began_at = models.DateTimeField(_("began"), null=True)
    # Rounded down (cchc.organization.sessions): it must not tell when somebody sent an anonymous question.
    seen_at = models.DateTimeField(_("last seen"), null=True)

    objects: ClassVar[SessionManager] = SessionManager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    @classmethod
    def get_session_store_class(cls) -> type:
        store: type = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        return store
