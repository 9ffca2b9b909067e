"""What an account has not read yet in the portal: asked for by every overview and every queue."""

from django.utils import timezone

from candidates.messages import kinds
from candidates.models import Account, Message
from candidates.prepared import EVER, Prepared

SHOWN = 3  # at most
_UNREAD = Prepared(lambda: Message.objects.told(0, EVER).filter(read_at=None)[:SHOWN])


def unread_by(account: Account) -> list[Message]:
    """Return the newest unread messages, newest first, SHOWN of them at most."""
    return _UNREAD(account.pk, *kinds.SECRETS, timezone.now())
