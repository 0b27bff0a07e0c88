"""Results of an action, on their way to the next page in a signed cookie named like the others."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookie(CookieStorage):
    cookie_name = settings.COOKIE_PREFIX + "messages"


class Storage(FallbackStorage):
    storage_classes = (HostCookie, SessionStorage)
