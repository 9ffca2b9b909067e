"""What has waited too long for a process is refused before it is worked for, and so is one whose sender has gone.

nginx says when it handed the request over (X-Request-Start, all of the body sent); a request that waited longer than
NMEC_LONGEST_WAIT is answered 503 at once, so that those who have just come are served in time (decision 52).
"""

import logging
import math
import re
import socket
import time
from functools import lru_cache

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string

from nmec_portal import answers

logger = logging.getLogger(__name__)

STARTED = re.compile(r"t=([0-9]{1,12}\.[0-9]{3})")  # nginx's, in seconds
LIVED = 70  # seconds: nginx gives up sooner, so that what seems older tells of clocks that differ
DOUBTED = 10  # seconds with nothing but old requests, as no queue gives them: then it is the clocks that differ
LEFT = 499  # nginx's own word for a client that closed the connection: nobody reads it
CLOSED = (7, 8)  # TCP_CLOSE, TCP_CLOSE_WAIT: the other side has hung up


def refuse_what_waited(get_response):
    """Answer 503 to what has waited too long, nothing to who has gone, and let everything else through."""
    stamps = Stamps()

    def middleware(request):
        if has_gone(request):
            return HttpResponse(status=LEFT)
        if settings.LONGEST_WAIT and stamps.too_old(waited(request)):
            drain(request)
            return refusal(request)
        return get_response(request)

    return middleware


class Stamps:
    """What nginx says is believed once a request has come in time, until for DOUBTED seconds none has.

    Refusing is quick: where the clocks agree a queue of old requests is soon behind, and the next comes in time.
    """

    def __init__(self) -> None:
        self.believed_until = 0.0  # by this process's own clock, which nobody sets
        self.is_told = False

    def too_old(self, seconds: float | None) -> bool:
        """Tell whether a request that seems to have waited so long is refused."""
        if seconds is None:
            return False
        if seconds <= settings.LONGEST_WAIT:
            self.believed_until, self.is_told = math.inf, False
            return False

        now = time.monotonic()
        self.believed_until = min(self.believed_until, now + DOUBTED)
        if now < self.believed_until:
            return seconds < LIVED
        if not self.is_told:
            logger.warning("every request seems to have waited %.0f s: the clocks of proxy and web differ", seconds)
            self.is_told = True
        return False


def waited(request) -> float | None:
    """Return the seconds since nginx handed the request over; None where it does not say."""
    found = STARTED.fullmatch(request.headers.get("X-Request-Start", ""))
    return time.time() - float(found[1]) if found else None


def has_gone(request) -> bool:
    """Tell whether who waited for the answer has hung up: nginx does when its own client has."""
    connection = request.META.get("gunicorn.socket")
    if connection is None or connection.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] in CLOSED


def drain(request) -> None:
    """Read what was sent and forget it: nginx would take a connection closed with bytes unread for broken."""
    while request.read(64 * 1024):
        pass


def refusal(request):
    """Say that nothing was done, and when to come again, without the database: as a page, or as a script reads it."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(answers.for_script("busy", answers.TOO_MANY), status=503)
    return HttpResponse(_page(request.method in ("GET", "HEAD")), status=503)


@lru_cache(maxsize=2)
def _page(is_read: bool) -> str:
    return render_to_string("busy.html", {"is_read": is_read})
