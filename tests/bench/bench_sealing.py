"""What sealing costs: an upload, and a thumbnail that is sent, sealed and in clear; how fast `reseal` goes."""

import os
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.test import Client, override_settings

from candidates.applications.workflow import Actor
from candidates.models import Account
from materials import uploads
from materials.models import MaterialImage
from review.operations import resealing
from tests import factories
from tests.bench.bench_uploads import picture as received
from tests.bench.measure import Row, Work, in_turns
from tests.materials.uploading import picture

UPLOADS, LOOKS = 8, 50  # in a round
PRICE = 0.3  # ms that a thumbnail may cost more
MANY = int(os.environ.get("NMEC_BENCH_MANY", "4000"))  # accounts and files to seal anew


def run() -> Iterator[Row]:
    application = factories.make_application("registered")
    yield _upload(application)
    yield from _thumbnail(application)
    yield from _reseal(application)


def _upload(application) -> Row:
    """Pictures as they are received, into a category that is emptied after each round."""
    actor, papers = Actor.of(application.account), [received(serial) for serial in range(UPLOADS)]

    def add() -> None:
        added = [uploads.take_image(application, "other", one, actor=actor, min_side=1) for one in papers]
        for image in added:
            uploads.remove_image(image.pk, actor=actor)

    sealed, clear = in_turns([add, _in_clear(add)])
    note = f"{sealed.cpu / UPLOADS * 1e3:.2f} / {clear.cpu / UPLOADS * 1e3:.2f} ms of CPU each"
    return Row("a picture received, stored and removed, sealed", "in clear", sealed.cpu / clear.cpu, "≤ 1.05", note)


def _thumbnail(application) -> Iterator[Row]:
    actor = Actor.of(application.account)
    images = [uploads.add_image(application.pk, "identity", picture(1), actor=actor)]
    with override_settings(SEAL_FILES=False):
        images.append(uploads.add_image(application.pk, "identity", picture(2), actor=actor))
    with override_settings(CIPHER="sm4"):
        images.append(uploads.add_image(application.pk, "identity", picture(3), actor=actor))
    client = Client()
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    works = [_looking(client, image) for image in images]
    works.append(_with_accel(_looking(client, images[1])))
    sealed, clear, sm4, accel = (one.cpu / LOOKS * 1e3 for one in in_turns(works))
    for name, cost, target in (("AES-256-GCM", sealed, "≤ 1"), ("SM4-GCM", sm4, "")):
        note = f"{cost:.2f} / {clear:.2f} ms of CPU; {accel:.2f} where nginx sends it"
        yield Row(f"what a thumbnail costs more by {name}", f"{PRICE} ms", max(0, cost - clear) / PRICE, target, note)


def _reseal(application) -> Iterator[Row]:
    """Columns by a new key, then the same number of files."""
    template = application.account
    accounts = []
    for serial in range(MANY):
        account = Account.objects.get(pk=template.pk)
        _ = account.document_number, account.mobile
        account.pk, account._state.adding = 2_000_000_000 + serial, True
        account.identity_hash, account.mobile_hash = f"sealed {serial}", f"sealed {serial}"
        accounts.append(account)
    Account.objects.bulk_create(accounts)
    resealing.STILL_READ = 0  # nobody else reads here
    with override_settings(FIELD_KEYS=[os.urandom(32), *settings.FIELD_KEYS]):
        wall = _seconds(lambda: resealing.reseal(lambda done, total: None))
        yield Row("rows sealed by a new key", "1000 a second", MANY / wall / 1000, "", f"{MANY / wall:.0f} a second")


def _seconds(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _in_clear(work: Work) -> Callable[[], None]:
    def clear() -> None:
        with override_settings(SEAL_FILES=False):
            work()

    return clear


def _with_accel(work: Work) -> Callable[[], None]:
    def by_nginx() -> None:
        with override_settings(ACCEL="/pictures/"):
            work()

    return by_nginx


def _looking(client: Client, image: MaterialImage) -> Callable[[], None]:
    address = f"/materials/images/{image.pk}/thumbnail/"

    def look() -> None:
        for _ in range(LOOKS):
            answer = client.get(address)
            if answer.status_code != 200:
                raise AssertionError(answer.status_code)

    return look
