"""My account: contact data, my data as a file, deleting an account that has no application."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.accounts import mobiles, own_account
from candidates.applications import form_drafts, summary
from candidates.applications.access import candidates_only, my_others
from candidates.applications.acts import act_of
from candidates.forms.accounts import ChannelsForm, ContactForm, DeleteAccountForm
from candidates.messages import outbox, sending
from candidates.models import Application, Message
from candidates.models.message import CHANNELS
from candidates.rules import id_number
from candidates.rules.contacts import folded_email
from candidates.rules.id_number import DOCUMENT_TYPES
from candidates.rules.refusals import NotAllowed, Refused
from candidates.views import typed
from candidates.views.answers import refusals_told
from candidates.views.mobiles import ask_for_code, change_contact
from materials.models import MaterialImage
from materials.rules.catalogue import BY_CODE


@candidates_only
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@typed.kept_when_refused
def account(request):
    mine = request.user
    form = typed.form_of(request, ContactForm, mine, initial={"mobile": mine.mobile, "email": mine.email})
    if request.method == "POST" and form.is_valid():
        address = _contact_changed(request, form)
        if address:
            return redirect(address)

    context = {
        "form": form,
        "channels": _channels(mine),
        "unreached": outbox.unreached(mine),
        "document": DOCUMENT_TYPES[mine.document_type].label,
        "number": id_number.masked(mine.document_number),
        "may_delete": not _mine(request).exists(),
    }
    return typed.page(request, "candidates/account.html", context)


def _channels(mine) -> list[dict]:
    """Say of each channel that there is whether it reaches me, and whether I have switched it off."""
    there = sending.contacts()
    return [
        {
            "name": name,
            "label": label,
            "on": not (mine.no_sms if name == "sms" else mine.no_mail),
            "reaches": bool(getattr(mine, sending.CONTACT_OF[name])),
            "contact": "手机号码" if name == "sms" else "电子邮箱",
        }
        for name, label in CHANNELS.items()
        if sending.CONTACT_OF[name] in there
    ]


@candidates_only
@require_POST
@refusals_told
def channels(request):
    form = ChannelsForm(request.POST)
    if form.is_valid():
        own_account.choose_channels(request.user.pk, sms=form.cleaned_data["sms"], mail=form.cleaned_data["mail"])
        messages.success(request, "接收方式已保存。")
    return redirect("account")


def _mine(request):
    return my_others(request, None)


def _contact_changed(request, form) -> str:
    """Change the contact and return where to go on: what is new may have to be confirmed. Empty where refused."""
    mobile, email = form.cleaned_data["mobile"], form.cleaned_data["email"]
    to_confirm = _to_confirm(request.user, mobile, email) if settings.CONFIRM_MOBILE else ""
    try:
        if not to_confirm:
            change_contact(request, mobile, email)
        elif mobile and request.user.mobile:  # the e-mail is no login name, and need not wait
            change_contact(request, request.user.mobile, email)
        if to_confirm:
            ask_for_code(request, to_confirm, email="" if request.user.mobile else email)
    except NotAllowed as refusal:
        form.add_error(mobiles.kind_of(to_confirm), str(refusal))
    except Refused as refusal:
        for field, sentence in refusal.problems.items():
            form.add_error(field, sentence)
    else:
        if to_confirm:
            return "mobile_code"
        messages.success(request, "联系方式已修改。")
        return "account"
    return ""


def _to_confirm(mine, mobile: str, email: str) -> str:
    """Return the contact that a code has to confirm: a new mobile, or where there is none a new e-mail."""
    if mobile:
        return mobile if mobile != mine.mobile else ""
    return email if mine.mobile or folded_email(email) != folded_email(mine.email) else ""


@candidates_only
@require_safe
def download(request):
    """Give everything that the portal holds about this person, as JSON."""
    mine = request.user
    data = {
        "account": {
            "name": mine.name,
            "document_type": mine.document_type,
            "document_number": mine.document_number,
            "valid_until": mine.valid_until,
            "sex": mine.sex,
            "birth_date": mine.birth_date,
            "mobile": mine.mobile,
            "email": mine.email,
            "former_contact": mine.former_contact,
            "contact_changed_at": mine.contact_changed_at,
            "registered_at": mine.date_joined,
            "consent_version": mine.consent_version,
            "consented_at": mine.consented_at,
        },
        "applications": [_as_data(application) for application in _mine(request)[:50]],
        "messages": [
            {"at": one.at, "subject": one.subject, "text": one.text} for one in Message.objects.told(mine)[:2000]
        ],
        "mobile_changes": [
            {"at": one.asked_at, "mobile": one.mobile, "reason": one.reason, "changed_at": one.agreed_at}
            for one in mine.mobile_changes.all()
        ],
        "made_at": timezone.now(),
    }

    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def _as_data(application: Application) -> dict:
    images = MaterialImage.objects.filter(application=application, removed_at=None)
    return {
        "session": application.session.year,
        "number": application.number,
        "status": application.get_status_display(),
        "form": {line.field: line.words for _, lines in summary.of(application) for line in lines},
        "unsaved": {
            section: form_drafts.answers_in(draft)
            for section, draft in form_drafts.of(application, timezone.now()).items()
        },
        "images": [
            {"category": BY_CODE[one.category].label, "at": one.uploaded_at, "bytes": one.size, "sha256": one.sha256}
            for one in images
        ],
        "questions": [
            {"at": one.at, "question": one.words, "answered_at": one.answered_at, "answer": one.answer}
            for one in application.questions.all()
        ],
        "appointments": [
            {"at": one.booked_at, "day": one.day, "state": one.get_state_display(), "came_at": one.arrived_at}
            for one in application.appointments.all()
        ],
        "history": [
            {"at": one.at, "action": act_of(one.action).name, "by": one.level}
            for one in application.records.all()
        ],
    }  # fmt: skip


@candidates_only
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@typed.kept_when_refused
@refusals_told
def delete(request):
    """Ask on GET, delete on POST; an account with an application stays, and stays logged in."""
    has_application = _mine(request).exists()
    form = typed.form_of(request, DeleteAccountForm, request.user)
    if request.method == "POST" and not has_application and form.is_valid():
        own_account.delete_account(request.user.pk)
        logout(request)  # only once the deletion is committed
        messages.success(request, "账号已删除，您的个人信息已清除。")
        return redirect("home")
    return typed.page(request, "candidates/account_delete.html", {"form": form, "has_application": has_application})
