"""What a sender is given, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from candidates.models import Account

# an answer's outcome: sent; unreachable (this contact is dead: the next channel); refused (template, signature, quota:
# an operator must act, perhaps another provider takes it); later (busy, limit, no connection); perhaps (handed over,
# and no answer: never handed over again)
OUTCOMES = ("sent", "unreachable", "refused", "later", "perhaps")


@dataclass(frozen=True)
class Letter:
    """One message for one person: words for who takes words, a kind and short parameters for who has templates."""

    kind: str
    mobile: str
    email: str
    subject: str
    text: str
    sms: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None


@dataclass(frozen=True)
class Answer:
    """`provider_id`: what its receipt will name; `code`: its own word for what was wrong, no sentence."""

    outcome: str
    provider_id: str = ""
    code: str = ""


class Sender(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def reaches(self) -> tuple[str, ...]:
        """Return the contacts that it uses: mobile, email."""

    def tells(self, kind: str) -> bool:
        """Say whether it can tell this kind: a provider of SMS only what it has an approved template for."""

    def send(self, letter: Letter) -> Answer: ...
