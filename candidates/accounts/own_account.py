"""A candidate's own account: signing up, changing one's contact data, deleting it."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from candidates.encryption import keyed_hash
from candidates.messages import sending
from candidates.messages.writing import tell_account
from candidates.models import Account, Consent
from candidates.rules import contacts, id_number
from candidates.rules.refusals import NotAllowed, Refused

CONTACTS = {"mobile": "手机号码", "email": "电子邮箱"}
PRIVACY_VERSION = "2026-12"
FORMER_LASTS = timedelta(hours=24)  # so long a reset after a change of contact needs the contact from before
HAS_APPLICATION = "您已有报名记录，按规定须保存到期限届满，账号不能自行删除。"
NEEDS_MOBILE = "大陆居民须有手机号码：请先在“我的账户”填写手机号码。"
TAKEN = {
    "identity_hash": ("document_number", "这个证件号码已注册：请直接登录；忘记密码可以在登录页找回。"),
    "mobile_hash": ("mobile", "这个手机号码已用于另一个账号：请换一个号码，或用它登录。"),
    "email_hash": ("email", "这个电子邮箱已用于另一个账号：请换一个邮箱，或用它登录。"),
    "candidate_has_document_and_contact": ("mobile", NEEDS_MOBILE),
}


def sign_up(
    *,
    name: str,
    document_type: str,
    document_number: str,
    valid_until: date | None,
    mobile: str,
    email: str,
    password: str,
    now: datetime | None = None,
) -> Account:
    """Make a candidate's account; names and numbers come in their stored spelling, consent has been given.

    Without a mobile the e-mail must have been confirmed. Raises Refused under `document_number`, `mobile` or `email`
    where another account has it.
    """
    account = Account(
        kind="candidate",
        name=name,
        consent_version=PRIVACY_VERSION,
        consented_at=now or timezone.now(),
    )

    set_document(account, document_type, document_number, valid_until)
    set_contact(account, mobile, email)
    account.set_password(password)
    with transaction.atomic():
        save(account)
        agree(account, now)
    return account


@transaction.atomic
def agree(account: Account, now: datetime | None = None) -> None:
    """Write down that the account agrees to the privacy notice as it is now; once for each version."""
    at = now or timezone.now()
    Consent.objects.get_or_create(account=account, version=PRIVACY_VERSION, defaults={"at": at})
    if account.consent_version != PRIVACY_VERSION:
        account.consent_version, account.consented_at = PRIVACY_VERSION, at
        account.save(update_fields=["consent_version", "consented_at"])


def set_document(account: Account, document_type: str, number: str, valid_until: date | None) -> None:
    """Set the identity document, and what its number says of birth date and sex."""
    account.document_type, account.document_number, account.valid_until = document_type, number, valid_until
    account.identity_hash = keyed_hash(id_number.identity_key(document_type, number))

    facts = id_number.facts(document_type, number)
    if facts:
        account.birth_date, account.sex = facts.birth_date, facts.sex


def set_contact(account: Account, mobile: str, email: str) -> None:
    """Set mobile and e-mail: the mobile is a login name; where there is none, the e-mail is."""
    account.mobile, account.email = mobile, email
    account.mobile_hash = keyed_hash(mobile) if mobile else None
    account.email_hash = keyed_hash(contacts.folded_email(email)) if email and not mobile else None


def save(account: Account) -> None:
    """Save the account. Raises Refused under what another account has, or under `mobile` where it cannot be missing."""
    try:
        with transaction.atomic():
            if account.pk is None:
                Account.objects.insert(account)
            else:
                account.save()
    except IntegrityError as error:
        for column, (field, sentence) in TAKEN.items():
            if column in str(error):
                raise Refused({field: sentence}) from None
        raise


@transaction.atomic
def change_contact(pk: int, *, mobile: str, email: str) -> Account:
    """Change the account's own mobile and e-mail; the form of an application keeps what was filled in.

    Without a mobile the e-mail must have been confirmed. Raises Refused under `mobile` or `email` where another account
    has it, NotAllowed where the account is gone.
    """
    account = hold(pk)
    for field, contact in replace_contact(account, mobile, email, timezone.now()).items():
        tell_account("contact_changed", account, contact=contact, which=CONTACTS[field])
    return account


def replace_contact(account: Account, mobile: str, email: str, now: datetime) -> dict[str, str]:
    """Set and save the contact of an account that is held; return what there was and is no more, by field.

    The first of these that codes are sent to is kept for a day: whoever has taken over a session, or a desk, does not
    get the password too. Of several changes in a day the first one's counts. Raises Refused.
    """
    before = {field: getattr(account, field) for field in CONTACTS}
    set_contact(account, mobile, email)
    gone = {field: contact for field, contact in before.items() if contact and contact != getattr(account, field)}
    if gone:
        reached = [gone[field] for field in sending.contacts() if field in gone]
        account.former_contact = former_contact(account, now) or next(iter(reached), None)  # type: ignore[assignment]
        account.contact_changed_at = now
    save(account)
    return gone


def former_contact(account: Account, now: datetime) -> str:
    """Return the contact that a reset's code goes to in place of the present one; empty where nothing was changed."""
    changed = account.contact_changed_at
    former: str | None = account.former_contact
    return former or "" if changed and now < changed + FORMER_LASTS else ""


@transaction.atomic
def choose_channels(pk: int, *, sms: bool, mail: bool) -> None:
    """Choose by which channels what is not urgent is told; what is urgent goes by every one."""
    account = hold(pk)
    account.no_sms, account.no_mail = not sms, not mail
    account.save(update_fields=["no_sms", "no_mail"])


def hold(pk: int) -> Account:
    """Return the account with its row held until the transaction ends. Raises NotAllowed where it has been deleted."""
    account = Account.objects.select_for_update().filter(pk=pk).first()
    if account is None:
        raise NotAllowed("这个账号已经删除：如需报名，请重新注册。")
    return account


@transaction.atomic
def delete_account(pk: int) -> None:
    """Delete the account with its log-ins. Raises NotAllowed where it has an application, or is gone.

    Its row is held, as it is while an application is started: of the two acts the second sees what the first has done.
    """
    account = hold(pk)
    if account.applications.exists():
        raise NotAllowed(HAS_APPLICATION)

    account.delete()
