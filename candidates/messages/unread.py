"""What an account has not read yet in the portal: asked for by every overview and every queue."""

from datetime import UTC, datetime

from django.utils import timezone

from candidates.messages import kinds
from candidates.models import Account, Message
from candidates.prepared import Prepared

SHOWN = 3  # at most
_EVER = datetime(2000, 1, 1, tzinfo=UTC)  # in a moment's place, where the query is made
_UNREAD = Prepared(lambda: Message.objects.told(0, _EVER).filter(read_at=None)[:SHOWN])


def unread_by(account: Account) -> list[Message]:
    """Return the newest unread messages, newest first, SHOWN of them at most."""
    return _UNREAD(account.pk, *kinds.SECRETS, timezone.now())
