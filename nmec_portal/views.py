import logging
import secrets
import sys
import uuid
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.applications import kept
from candidates.models import Announcement, ExamSession
from candidates.models.session import WINDOWS
from candidates.views.answers import asked_by_itself
from materials.files.storage import PROBES, STORAGE_ERRORS
from nmec_portal import answers, guides, metrics

log = logging.getLogger(__name__)

UNREADABLE = "发送的内容不完整或无法识别，没有保存任何图片。请检查网络和文件名（不要过长），再重新上传。"


@login_not_required
@require_safe
def home(request):
    """Show what the portal is, and the dates of every session under way or, where none is, of the next one."""
    now = timezone.now()
    shown = ExamSession.under_way(now) or list(filter(None, [ExamSession.current()]))
    context = {
        "session": shown[0] if len(shown) == 1 else None,
        "years": [(one.year, _windows(one, now)) for one in shown],
        "may_register": any(one.is_open("registration", now) for one in shown),
        "notices": Announcement.objects.shown(now)[:5],
    }
    return render(request, "home.html", context)


def _windows(session, now):
    return [
        {
            "name": name,
            "opens": getattr(session, f"{window}_opens"),
            "closes": getattr(session, f"{window}_closes"),
            "is_open": session.is_open(window, now),
            "is_over": now >= getattr(session, f"{window}_closes"),
        }
        for window, name in WINDOWS.items()
    ]


@login_not_required
@require_safe
def candidates_guide(request):
    return _show_guide(request, "candidates", "base.html")


@require_safe
def reviewers_guide(request):
    if request.user.is_candidate:
        raise Http404
    return _show_guide(request, "reviewers", "review/base.html")


@require_safe
def operators_guide(request):
    if not request.user.is_operator:
        raise Http404
    return _show_guide(request, "operators", "review/base.html")


def _show_guide(request, name, skeleton):
    return render(request, "guide.html", {"guide": guides.read(name), "skeleton": skeleton})


@login_not_required
@require_safe
def alive(request):
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def ready(request):
    """Say whether the database answers and the storage keeps what it is given."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        kept = _storage_keeps()
    except (DatabaseError, InterfaceError, *STORAGE_ERRORS) as error:
        log.warning("not ready: %s", type(error).__name__)
        kept = False
    return HttpResponse("ok\n" if kept else "unavailable\n", content_type="text/plain", status=200 if kept else 503)


def _storage_keeps():
    """Write, read and delete a file of a few bytes; under a fresh key, since a key is written once."""
    name, content = f"{PROBES}/{uuid.uuid4().hex}", secrets.token_bytes(16)
    default_storage.save(name, ContentFile(content))
    try:
        with default_storage.open(name) as file:
            return file.read() == content
    finally:
        default_storage.delete(name)


@require_safe
@asked_by_itself
def session(request):
    """Say who is logged in, to a page about to send what was typed on it; lead nobody to the login page."""
    return JsonResponse({"account": request.user.pk})


@login_not_required
@require_safe
def tell_metrics(request):
    """Answer Prometheus, with `Authorization: Bearer` and NMEC_METRICS_TOKEN; everybody else finds nothing here."""
    given = request.headers.get("Authorization", "").encode()
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given, wanted):
        raise Http404
    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


@login_not_required
def csrf_failure(request, reason=""):
    """Say that the page is old; lead on from a log-in page that has become old by logging in on another one."""
    if request.path == settings.LOGIN_URL:
        if not request.user.is_authenticated:
            messages.info(request, "这一页打开的时间较长，刚才没有登录：请再输入一次密码。")
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.POST.get('next', '')})}")
    too_old = kept.TOO_OLD if kept.is_too_old(request) else ""
    context = {"expired": True, "kept": kept.keep(request), "too_old": too_old}
    return render(request, "403.html", context, status=403)


# Django's own error pages look for a token in what was sent, and fail where that cannot be read


def not_found(request, exception):
    return render(request, "404.html", status=404)


def bad_request(request, exception=None):
    """Answer a request that cannot be read: JSON for the upload script, a page for everybody else."""
    if "application/json" not in request.headers.get("Accept", ""):
        return HttpResponse(render_to_string("400.html"), status=400)
    code, sentence = "corrupt", UNREADABLE
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        code, sentence = "too_many_images", f"一次最多发送 {most} 个文件，没有保存任何图片。请分几次上传。"
    elif isinstance(exception, RequestDataTooBig):
        code, sentence = "too_large", "发送的内容过大，没有保存任何图片。请用页面上的“上传”重新发送。"
    return JsonResponse(answers.for_script(code, sentence), status=400)


def server_error(request):
    """Answer 500, or 503 where the database is away or gave up waiting: trying again later may help."""
    if not _database_is_away(sys.exc_info()[1]):
        return HttpResponse(render_to_string("500.html"), status=500)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(answers.for_script(*answers.TRY_LATER), status=503)
    return HttpResponse(render_to_string("503.html"), status=503)


def _database_is_away(error):
    """Tell whether the error means that the database is away.

    psycopg2 raises a bare DatabaseError where the server goes away in the middle of an answer; those that Django raises
    by itself have no cause.
    """
    cut_off = type(error) is DatabaseError and error.__cause__ is not None
    return cut_off or isinstance(error, OperationalError | InterfaceError)
