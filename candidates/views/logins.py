"""Where I am logged in, and logging out there: for everybody who has an account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from candidates.accounts import my_logins


@require_safe
def logins(request):
    idle = settings.IDLE_CANDIDATES if request.user.is_candidate else settings.IDLE_STAFF
    context = {
        "logins": my_logins.of(request.user, request.session.session_key),
        "idle": f"{idle // 60} 小时" if idle % 60 == 0 else f"{idle} 分钟",
        "longest": settings.SESSION_COOKIE_AGE // 3600,
    }
    return render(request, "candidates/logins.html", context)


@require_POST
def end(request):
    """Log out there: what is posted names a log-in of one's own."""
    if my_logins.end(request.user, request.POST.get("login", "")):
        messages.success(request, "那里的登录已退出。")
    else:
        messages.info(request, "那里的登录已经结束。")
    return redirect("logins")


@require_POST
def end_all(request):
    my_logins.end_all(request.user)
    logout(request)
    messages.success(request, "所有手机、电脑上的登录都已退出，包括这里。")
    return redirect("login")
