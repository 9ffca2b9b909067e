from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import defaults
from django.views.decorators.http import require_safe

from candidates.models import ExamSession
from candidates.models.session import WINDOWS
from materials.storage import STORAGE_ERRORS


@login_not_required
@require_safe
def home(request):
    session = ExamSession.current()
    now = timezone.now()
    windows = [
        {
            "name": name,
            "opens": getattr(session, f"{window}_opens"),
            "closes": getattr(session, f"{window}_closes"),
            "is_open": session.is_open(window, now),
            "is_over": now >= getattr(session, f"{window}_closes"),
        }
        for window, name in WINDOWS.items()
        if session
    ]
    return render(request, "home.html", {"session": session, "windows": windows})


@login_not_required
@require_safe
def alive(request):
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def ready(request):
    """The database and the storage answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        default_storage.exists("ready")
    except (DatabaseError, *STORAGE_ERRORS):
        return HttpResponse("unavailable\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def csrf_failure(request, reason=""):
    return render(request, "403.html", {"expired": True}, status=403)


def bad_request(request, exception=None):
    """A request that cannot be read: JSON for the upload script, a page for everybody else."""
    if "application/json" not in request.headers.get("Accept", ""):
        return defaults.bad_request(request, exception)
    code, sentence = "corrupt", "发送的内容不完整，没有保存任何图片。请检查网络后重新上传。"
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        code, sentence = "too_many_images", f"一次最多发送 {most} 个文件，没有保存任何图片。请分几次上传。"
    elif isinstance(exception, RequestDataTooBig):
        code, sentence = "too_large", "发送的内容过大，没有保存任何图片。请用页面上的“上传”重新发送。"
    errors = [{"file": None, "code": code, "message": sentence}]
    return JsonResponse({"images": [], "errors": errors}, status=400)
