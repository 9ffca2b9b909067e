"""Name, identity document and contact data: they belong to the account, and the form of an application follows it."""

from collections.abc import Mapping
from typing import Any

from candidates.accounts import own_account
from candidates.models import Account, Application

OF_THE_ACCOUNT = ("name", "document_type", "document_number", "valid_until", "sex", "birth_date", "mobile", "email")


def follow_account(application: Application, account: Account) -> None:
    """Copy what the account says of the person onto the application, without saving it."""
    for field in OF_THE_ACCOUNT:
        setattr(application, field, getattr(account, field))
    application.identity_hash, application.mobile_hash = account.identity_hash or "", account.mobile_hash or ""


def write_to_account(application: Application, before: Mapping[str, Any]) -> None:
    """Write what was changed in the form to the account, and no more: a mobile that it has got since stays.

    `before`: the form's values before the change. Raises Refused under a number or contact of another account.
    """
    account = Account.objects.select_for_update().get(pk=application.account_id)
    for field in OF_THE_ACCOUNT:
        if getattr(application, field) != before[field]:
            setattr(account, field, getattr(application, field))
    own_account.set_document(account, account.document_type, account.document_number, account.valid_until)
    own_account.set_contact(account, account.mobile, account.email)
    own_account.save(account)

    follow_account(application, account)
