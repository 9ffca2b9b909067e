import logging
import math
import re
import uuid
from time import perf_counter
from urllib.parse import urlencode, urlsplit

import pghistory
from csp.constants import HEADER as CSP_HEADER
from csp.constants import SELF
from csp.utils import build_policy
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse

from candidates.accounts import second_factor
from candidates.applications import kept
from nmec_portal import answers, logs, metrics
from nmec_portal.handler import UNREADABLE
from nmec_portal.views import bad_request

log = logging.getLogger("nmec_portal.requests")

TRY_AGAIN = 30  # seconds, told to who got 503; nginx says the same
DRAINED = 4  # times NMEC_MAX_BODY: for more than that nobody waits, it may never come
COMPUTES = re.compile(r"/static/js/materials_heic_worker(\.[0-9a-f]{12})?\.js")  # nginx says the same
REQUEST_ID = re.compile("[0-9a-f]{32}")  # what nginx gives
MACHINES = ("/healthz", "/readyz", "/metrics")


def observe(get_response):
    """Give the request an id, answer with it, log one line and count it: by the view's name, never the address."""

    def middleware(request):
        given = request.headers.get("X-Request-Id", "")
        name = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        token, began = logs.request_id.set(name), perf_counter()
        try:
            response = get_response(request)
            seconds = perf_counter() - began

            view = request.resolver_match.view_name if request.resolver_match else ""
            response.headers["X-Request-Id"] = name
            metrics.count(view or "none", response.status_code, seconds)
            facts = {"view": view, "status": response.status_code, "milliseconds": round(seconds * 1000)}
            log.info("%s %s %s", request.method, view, response.status_code, extra={"facts": facts})
            return response
        finally:
            logs.request_id.reset(token)

    return middleware


def refuse_nul(get_response):
    """Answer 404 to a path with a NUL: PostgreSQL text cannot contain one, so it names nothing."""

    def middleware(request):
        if "\0" in request.path_info:
            return render(request, "404.html", status=404)
        return get_response(request)

    return middleware


def bear_nul(get_response):
    """Take every NUL out of a query before a view sees it; answer 400 to a post whose NUL nobody has refused.

    PostgreSQL text cannot contain NUL. Forms refuse it with a sentence beside their field; a view, ours or a library's,
    that takes what was posted as it is fails when it asks or writes, and is answered here.
    """

    def middleware(request):
        return get_response(request)

    def before_the_view(request, view, args, kwargs):
        if _has_nul(request.GET):
            request.GET = _without_nul(request.GET)

    def after_a_failure(request, error):
        if isinstance(error, ValueError | DataError) and _has_nul(getattr(request, "_post", QueryDict())):
            return bad_request(request)
        return None

    middleware.process_view, middleware.process_exception = before_the_view, after_a_failure
    return middleware


def _has_nul(values: QueryDict) -> bool:
    return any("\0" in text for name, texts in values.lists() for text in (name, *texts))


def _without_nul(values: QueryDict) -> QueryDict:
    cleaned = QueryDict(mutable=True)
    for name, texts in values.lists():
        cleaned.setlist(name.replace("\0", ""), [text.replace("\0", "") for text in texts])
    cleaned._mutable = False
    return cleaned


def answer_machines(get_response):
    """Answer what asks after this one process (probes, Prometheus) whatever its Host is: an address in a network.

    Nothing in the answer depends on the host, and /metrics wants its token.
    """

    def middleware(request):
        if request.path_info not in MACHINES:
            return get_response(request)
        request.resolver_match = resolve(request.path_info)
        return request.resolver_match.func(request)

    return middleware


def limit_body(get_response):
    """Refuse a request whose body is above NMEC_MAX_BODY bytes; keep nothing of it."""

    def middleware(request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        announced = int(length) if length.isdecimal() and len(length) < 20 else math.inf  # bytes
        if announced > settings.MAX_BODY:
            if announced <= DRAINED * settings.MAX_BODY:
                drain(request)
            return too_large_body(request)
        return get_response(request)

    return middleware


def refuse_large_of_nobody(get_response):
    """Lead to the log-in whoever sends more than a form without one, before anything of it is read.

    Where no log-in is asked for, nothing that long is taken.
    """

    def middleware(request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if len(length) < 7 or int(length) <= settings.NOBODYS_BODY or request.user.is_authenticated:
            return get_response(request)
        try:
            is_public = not getattr(resolve(request.path_info).func, "login_required", True)
        except Resolver404:
            is_public = True
        if is_public:
            return too_large_body(request)
        before = page_before(request)
        return redirect_to_login(before) if before else redirect(settings.LOGIN_URL)

    return middleware


class LogInFirst(LoginRequiredMiddleware):
    """Django's, but what is posted after the session has ended leads, after the log-in, to the page it came from.

    The address of a post is often not a page. What had been typed is kept where the form asks for it
    (applications.kept).
    """

    def handle_no_permission(self, request, view_func):
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        response = redirect_to_login(page_before(request) or request.get_full_path(), self.get_login_url(view_func))
        kept.keep(request)
        if kept.is_too_old(request) and "application/json" not in request.headers.get("Accept", ""):
            messages.warning(request, kept.TOO_OLD)
        return response


def page_before(request):
    """Return the page of ours that led here, as the browser says; else an empty text."""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host() or before.path == settings.LOGIN_URL:
        return ""
    return f"{before.path}?{before.query}" if before.query else before.path


def drain(request):
    """Read what is being sent and forget it: a client that is still sending does not see the answer."""
    while request.read(64 * 1024):
        pass


def too_large_body(request):
    sentence = answers.too_large()
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(answers.for_script("too_large", sentence), status=413)
    return render(request, "413.html", {"sentence": sentence}, status=413)


def refuse_unreadable(get_response):
    """Answer 400 to a Content-Type that is none, or that names another charset than UTF-8."""

    def middleware(request):
        charset = request.content_params.get("charset", "utf-8")
        if request.content_type == UNREADABLE or charset.lower() not in ("utf-8", "utf8"):
            raise BadRequest("The Content-Type cannot be read.")
        return get_response(request)

    return middleware


def name_the_operator(get_response):
    """Write the operator's account into the history of whatever reference data the request changes."""

    def middleware(request):
        account = request.user
        if request.method != "POST" or not (account.is_authenticated and account.is_operator):
            return get_response(request)
        with pghistory.context(who=account.username, account=account.pk):
            return get_response(request)

    return middleware


def say_when_to_come_again(get_response):
    """Say when to try again with every 503, whether the database, the storage or the printer is the cause."""

    def middleware(request):
        response = get_response(request)
        if response.status_code == 503:
            response.headers.setdefault("Retry-After", str(TRY_AGAIN))
        return response

    return middleware


def explain_405(get_response):
    """Say what to do instead where a form's address is opened as a page, from a bookmark or after a new log-in."""

    def middleware(request):
        response = get_response(request)
        if response.status_code == 405 and not response.content and request.method == "GET":
            page = render(request, "405.html", status=405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    return middleware


def content_security_policy(get_response):
    """Send the settings' policy, built once (by django-csp): it is the same for every page.

    What is served with a policy of its own (a picture) keeps it. The one worker that decodes HEIC may run WebAssembly;
    no page may.
    """
    policy = build_policy()
    computing = build_policy(replace={"script-src": [SELF, "'wasm-unsafe-eval'"]})

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault(CSP_HEADER, computing if COMPUTES.fullmatch(request.path) else policy)
        return response

    return middleware


def private_by_default(get_response):
    """Let no cache keep a page unless its view says otherwise: pages hold personal data."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=()")
        return response

    return middleware


NOBODYS = ("/help/", "/privacy/", "/announcements/")  # every page leads to them, and they hold nobody's data


def second_factor_first(get_response):
    """Open nothing but help to a reviewer or operator who has given only the password; candidates have no factor."""

    def middleware(request):
        account = request.user
        elsewhere = not request.path.startswith(("/second-factor/", "/logout/", *NOBODYS))
        if settings.SECOND_FACTOR and elsewhere and account.is_authenticated and not account.is_candidate:
            factor = second_factor.factor_of(account)

            if factor is None and account.must_change_password:
                return get_response(request)  # new_password_first sees to it
            if factor is None or request.session.get(second_factor.PROVED) != factor.pk:
                step = reverse("second_factor" if factor else "enrol_second_factor")
                wanted = request.get_full_path() if request.method == "GET" else ""
                return redirect(f"{step}?{urlencode({'next': wanted})}" if wanted else step)
        return get_response(request)

    return middleware


def new_password_first(get_response):
    """Have a password that somebody else has set changed before anything else is done with the account."""

    def middleware(request):
        elsewhere = not request.path.startswith(("/password/", "/logout/", "/second-factor/"))
        if elsewhere and request.user.is_authenticated and request.user.must_change_password:
            return redirect("password_change")
        return get_response(request)

    return middleware
