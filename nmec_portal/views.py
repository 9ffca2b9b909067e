from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.models import ExamSession
from candidates.models.session import WINDOWS


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
    except (DatabaseError, OSError):
        return HttpResponse("unavailable\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def csrf_failure(request, reason=""):
    return render(request, "403.html", {"expired": True}, status=403)
