"""Which pictures a case page has shown: a browser asks nobody for those that it had fetched ahead."""

import uuid
from collections.abc import Collection

from candidates.models import Account, Application
from candidates.trail import looks
from review.cases.verdicts import submitted_images


def record(account: Account, application: Application, displayed: Collection[uuid.UUID | str] | None) -> None:
    """Record those that the page says it has displayed, and that are of this case."""
    named = {str(key) for key in displayed or ()}
    if named:
        looks.pictures(account, application, [one.id for one in submitted_images(application) if str(one.id) in named])
