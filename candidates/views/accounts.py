"""Registering, logging in and out."""

from inspect import getclosurevars, isfunction
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from candidates.accounts import browsers, login_limits, mobiles, my_logins, own_account
from candidates.accounts.auth import network_of
from candidates.forms import rare
from candidates.forms.accounts import LoginForm, RegisterForm
from candidates.rules.refusals import Refused
from candidates.views import typed
from candidates.views.mobiles import CONFIRMING, confirmed_contact

BACKEND = "candidates.accounts.auth.LoginNameBackend"
HOMES = {"candidate": "application", "reviewer": "review:queue", "operator": "admin:index"}  # names of URLs
# said in a pause too, so that it gives nothing away
WRONG = "账号或密码不正确：请核对后重新输入。多次输错请稍后再试或找回密码。"
TOO_MANY = "您所在的网络尝试注册的次数太多：请过一会儿再试，或换一个网络（如手机流量）。"
REGISTERED_BEFORE = "注册的结果已发到您刚才确认的手机（或电子邮箱）：请看过消息后，再登录或办理。"
GIVEN_TOO_LONG_AGO = "这个一次性密码设置后已满 72 小时，不能再用：请单位负责人或操作员再设置一个。"


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@typed.kept_when_refused
def register(request):
    if request.user.is_authenticated:
        return redirect(home_of(request.user))
    confirmed = confirmed_contact(request) if settings.CONFIRM_MOBILE else ""
    if settings.CONFIRM_MOBILE and not confirmed:
        return redirect("confirm_mobile")

    form = typed.form_of(request, RegisterForm, confirmed=confirmed)
    if request.method == "POST" and form.is_valid():
        account = _signed_up(request, form)
        if account is None and not form.errors:  # told to the mobile that has been confirmed, and not here
            request.session.pop(CONFIRMING, None)
            messages.info(request, REGISTERED_BEFORE)
            return redirect("login")
        if account:
            login(request, account, backend=BACKEND)
            my_logins.note_browser(request)
            request.session.pop(CONFIRMING, None)
            if told := rare.warning(account.name):
                messages.warning(request, told)
            answer = redirect(home_of(account))
            browsers.remember(request, answer, account)
            return answer
    return typed.page(request, "candidates/register.html", {"form": form})


def _signed_up(request, form):
    """Return the new account; None where its number or contact is taken.

    The form then says so; of a document, where mobiles are confirmed, only a message to that mobile does.
    """
    values, network = form.cleaned_data, network_of(request)
    if not login_limits.may_register(network):
        form.add_error(None, TOO_MANY)
        return None
    try:
        return own_account.sign_up(
            name=values["name"],
            document_type=values["document_type"],
            document_number=values["document_number"],
            valid_until=values["valid_until"],
            mobile=values.get("mobile", ""),
            email=values["email"],
            password=values["password1"],
        )
    except Refused as refusal:
        login_limits.was_taken(network)
        if settings.CONFIRM_MOBILE and "document_number" in refusal.problems:
            mobiles.tell_of_earlier(confirmed_contact(request))
            return None
        for field, sentence in refusal.problems.items():
            form.add_error(field, sentence)
        return None


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@typed.kept_when_refused
def log_in(request):
    if request.user.is_authenticated:  # on another page meanwhile
        return redirect(after_login(request, request.user))

    form = typed.form_of(request, LoginForm)
    if request.method == "POST" and form.is_valid():
        account = authenticate(request, username=form.cleaned_data["username"], password=form.cleaned_data["password"])
        if account:
            login(request, account)
            my_logins.note_browser(request)
            answer = redirect(after_login(request, account))
            browsers.remember(request, answer, account)
            return answer
        form.add_error(None, GIVEN_TOO_LONG_AGO if getattr(request, "given_too_long_ago", False) else WRONG)

    context = {"form": form, "next": next_page(request)}
    return typed.page(request, "candidates/login.html", context, address=here(request))


def here(request) -> str:
    """Return where this page is drawn, with the page that the person wanted."""
    wanted = next_page(request)
    return f"{request.path}?{urlencode({'next': wanted})}" if wanted else request.path


def next_page(request) -> str:
    """Return the page that the person wanted before the log-in, as the request says it; after_login judges it."""
    return request.POST.get("next") or request.GET.get("next", "")


def home_of(account) -> str:
    return reverse(HOMES[account.kind])


def after_login(request, account) -> str:
    """Return where the person wanted to go, if it is a page, here and theirs; else their own pages."""
    if account.must_change_password:
        return reverse("password_change")
    wanted = next_page(request)
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    theirs = wanted.startswith((reverse("review:index"), reverse("admin:index"))) != account.is_candidate
    return wanted if here and theirs and _is_page(wanted) else home_of(account)


def _is_page(address: str) -> bool:
    """Tell whether a browser may open it: an address that only takes what is posted would answer 405."""
    try:
        view = resolve(urlsplit(address).path).func
    except (Resolver404, ValueError):
        return False

    while isfunction(view):  # through its decorators: require_http_methods holds the methods
        methods = getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None:
            return "GET" in methods
        view = getattr(view, "__wrapped__", None)
    return True


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def log_out(request):
    """Ask on GET, log out on POST: no link and no picture on another site can log anybody out."""
    if request.method == "POST":
        logout(request)
        answer = redirect(settings.LOGOUT_REDIRECT_URL)
        answer.headers["Clear-Site-Data"] = '"cache"'  # thumbnails: on a shared computer somebody else is next
        return answer
    return render(request, "candidates/logout.html")
