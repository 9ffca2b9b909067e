"""Logging in by ID number, mobile, e-mail or user name; where from; passwords that are not one's own data."""

import contextlib
import ipaddress
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from candidates.accounts import browsers, login_limits
from candidates.accounts.login_limits import Place
from candidates.accounts.logins import read_with_session
from candidates.encryption import keyed_hash
from candidates.models import Account
from candidates.prepared import Prepared
from candidates.rules.contacts import folded_email, is_email
from candidates.rules.id_number import InvalidNumber, identity_keys, normalise_any_mobile
from candidates.rules.text import clean

GIVEN_LASTS = timedelta(hours=72)  # a one-time password that somebody else has set
LOGGED_IN = Prepared(lambda: Account.objects.filter(pk=0).select_related("unit"))


class LoginNameBackend(BaseBackend):
    """Candidates by document number, mobile or e-mail, reviewers and operators by user name."""

    def authenticate(self, request, username=None, password=None):
        """Return the account; None for an unknown name, a wrong password or a pause, each in the same time."""
        if username is None or password is None:
            return None

        found = accounts_of(username)
        for account in found:
            if _is_let_in(request, account, password):
                return account

        if not found:
            if request is not None:
                login_limits.may_try(keyed_hash(name_key(username)), network_of(request))
            make_password(password)
        return None

    def get_user(self, user_id):
        account = read_with_session(user_id) or LOGGED_IN.one(user_id)
        return account if account and account.is_active else None


def accounts_of(login_name: str) -> list[Account]:
    """Return the accounts that this login name may mean: several where document types share a number."""
    where = Q(username=clean(login_name, "identifier"))
    where |= Q(identity_hash__in=[keyed_hash(key) for key in identity_keys(login_name)])
    with contextlib.suppress(InvalidNumber):
        where |= Q(mobile_hash=keyed_hash(normalise_any_mobile(login_name)))
    if is_email(folded_email(login_name)):
        where |= Q(email_hash=keyed_hash(folded_email(login_name)))
    return list(Account.objects.filter(where).order_by("pk")[:8])


def name_key(login_name: str) -> str:
    """Return one text for all spellings of a login name, whether or not anybody has it."""
    with contextlib.suppress(InvalidNumber):
        return f"mobile:{normalise_any_mobile(login_name)}"
    if is_email(folded_email(login_name)):
        return f"email:{folded_email(login_name)}"
    keys = identity_keys(login_name)
    return keys[0] if keys else f"name:{login_name.strip()}"


def _is_let_in(request, account: Account, password: str) -> bool:
    """Tell whether the password is right and no pause is on; without a request (a command) there is no limit."""
    counted = (login_limits.hash_of(account), place_of(request, account)) if request is not None else None
    may_try = counted is None or login_limits.may_try(*counted)
    is_right = account.check_password(password)  # checked in a pause too, to take the same time
    if not (may_try and is_right and account.is_active):
        return False
    if given_too_long_ago(account):
        if request is not None:
            request.given_too_long_ago = True  # told to who has typed it rightly, and to nobody else
        return False
    if counted:
        login_limits.succeeded(*counted)
    return True


def given_too_long_ago(account: Account) -> bool:
    """Tell whether the password is a one-time one that has not been used in its 72 hours."""
    given = account.password_given_at if account.must_change_password else None
    return given is not None and timezone.now() >= given + GIVEN_LASTS


# --- where from ----------------------------------------------------------------------------------------------------


def place_of(request, account: Account) -> Place:
    """Return where a failed login of this account counts: a browser it knows apart from everybody else's network."""
    name = browsers.name_of(request, account)
    return Place(keyed_hash(f"browser:{name}"), is_known=True) if name else network_of(request)


def place_of_codes(request, accounts: Sequence[Account]) -> Place:
    """Return where a request for a code to these accounts counts.

    Browsers that are known to the account share one count, however often it is logged in to anew. If a number
    matches several accounts, the browser must be known to every one of them: otherwise the owner of one could have
    codes sent to the mobile of another without limit.
    """
    if accounts and all(browsers.name_of(request, account) for account in accounts):
        return Place(keyed_hash(f"browsers:{accounts[0].pk}"), is_known=True)
    return network_of(request)


def network_of(request) -> Place:
    return Place(keyed_hash(f"network:{network(client_address(request))}"))


def network(address: str | None) -> str:
    """Return the /24 of an IPv4 address, the /64 of an IPv6 one: what a household or a school has for itself."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network((int(found), 24 if found.version == 4 else 64), strict=False))


def client_address(request) -> str | None:
    """Return the client's address: behind NMEC_TRUSTED_PROXIES proxies, what the outermost of ours saw."""
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
        if any(_is_in(value, password) for value in own):
            raise ValidationError("密码不能包含您的证件号码或手机号码。", code="password_is_personal")
        if not user.mobile and _is_in(user.email.casefold(), password.casefold()):  # the login name then
            raise ValidationError("密码不能包含您的电子邮箱。", code="password_is_personal")

    def get_help_text(self):
        return "密码不能包含您的证件号码或手机号码。"


def _is_in(value: str, password: str) -> bool:
    return len(value) >= 6 and (value in password or password in value)
