"""What would have been sent to people: a test looks, and what is due is handed over before it sees."""

from collections.abc import Sequence

from candidates.messages.outbox import deliver_due
from candidates.models import Message


def hand_over_all() -> None:
    """Hand over everything that waits, each at its own time, so that no test depends on the hour."""
    waiting = Message.objects.filter(next_try_at__isnull=False).order_by("pk")
    for at in list(waiting.values_list("next_try_at", flat=True)):
        deliver_due(at)


class Sent(Sequence):
    """A list that a sender of the test fills, read once all that is due has been handed over."""

    def __init__(self) -> None:
        self.kept: list = []

    def __getitem__(self, place):
        hand_over_all()
        return self.kept[place]

    def __len__(self) -> int:
        hand_over_all()
        return len(self.kept)

    def __eq__(self, other) -> bool:
        return list(self) == list(other)

    __hash__ = None
