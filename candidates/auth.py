"""Logging in by ID number, mobile or user name; limits on failed logins; passwords that are not one's own data."""

import contextlib

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db.models import Q

from candidates.encryption import keyed_hash
from candidates.id_number import InvalidNumber, identity_keys, normalise_mobile
from candidates.models import Account
from candidates.prepared import Prepared
from candidates.sessions import read_with_session

LOGGED_IN = Prepared(lambda: Account.objects.filter(pk=0).select_related("unit"))


class LoginNameBackend(BaseBackend):
    """Candidates by document number or mobile, reviewers and operators by user name."""

    def authenticate(self, request, username=None, password=None):
        if username is None or password is None:
            return None
        found = accounts_of(username)
        for account in found:
            if account.check_password(password):
                return account if account.is_active else None
        if not found:
            make_password(password)  # the same time, whether or not an account exists
        return None

    def get_user(self, user_id):
        account = read_with_session(user_id) or LOGGED_IN.one(user_id)
        return account if account and account.is_active else None


def accounts_of(login_name: str) -> list[Account]:
    """The accounts that this login name may mean: several where a number is shared by document types."""
    where = Q(username=login_name.strip())
    where |= Q(identity_hash__in=[keyed_hash(key) for key in identity_keys(login_name)])
    with contextlib.suppress(InvalidNumber):
        where |= Q(mobile_hash=keyed_hash(normalise_mobile(login_name)))
    return list(Account.objects.filter(where).order_by("pk")[:8])


def login_hash(request, credentials=None) -> str:
    """What the failed-login table keeps: a keyed hash of the account, or of a name that means none or several."""
    username = (credentials or {}).get("username") or (request.POST.get("username", "") if request else "")
    accounts = accounts_of(username)
    return keyed_hash(f"account:{accounts[0].pk}" if len(accounts) == 1 else f"name:{username.strip()}")


def client_address(request) -> str | None:
    """The client's address: behind NMEC_TRUSTED_PROXIES proxies, what the outermost of ours saw."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    count = settings.TRUSTED_PROXIES
    if count and len(forwarded) >= count:
        return forwarded[-count].strip() or None
    return request.META.get("REMOTE_ADDR") or None


class PersonalDataValidator:
    """A password that contains the person's own number, mobile or name is the first one to be guessed."""

    def validate(self, password, user=None):
        if user is None:
            return
        own = [user.document_number, user.mobile, user.username or ""]
        if any(len(value) >= 6 and (value in password or password in value) for value in own):
            raise ValidationError("密码不能包含您的证件号码或手机号码。", code="password_is_personal")

    def get_help_text(self):
        return "密码不能包含您的证件号码或手机号码。"
