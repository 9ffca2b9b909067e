"""What the next page tells, kept as Django keeps it: in a cookie, or in the session where that is too small."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostsCookie(CookieStorage):
    cookie_name = f"{settings.HOST_COOKIE}messages"


class Storage(FallbackStorage):
    storage_classes = (HostsCookie, SessionStorage)
