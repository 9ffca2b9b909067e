"""Whose turn it is to upload: one at a time for an account, few costly pictures for all, and a budget of CPU."""

import hashlib
import struct
import threading
import zlib
from contextlib import contextmanager
from datetime import timedelta
from time import thread_time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from materials import turns, uploads
from materials.models import MaterialImage, UploadCost
from materials.pictures import check, decode, png
from materials.pictures.formats import PNG
from materials.specimens import draw
from tests import factories
from tests.materials.picture_files import drawn, encoded, oriented
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
OURS = "SELECT pg_try_advisory_lock(hashtextextended('upload ' || %s, 0))"


def a_file(seed=1, name="scan.jpg"):
    return SimpleUploadedFile(name, draw.draw("identity", seed=seed), "image/jpeg")


def of_bytes(content, name="scan.png"):
    return SimpleUploadedFile(name, content)


def black(width, height, *, depth=8, colour=2, wrong=b""):
    """A black PNG; `wrong` comes in the place of its last bytes before compression."""
    length = 1 + width * depth * {0: 1, 2: 3, 6: 4}[colour] // 8
    packer, rows = zlib.compressobj(9), bytes(length)
    packed = b"".join(packer.compress(rows) for _ in range(height - 1))
    packed += packer.compress(rows[: length - len(wrong)] + wrong) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", packed), (b"IEND", b"")]
    return PNG.signature + b"".join(png.chunk(kind, data) for kind, data in chunks)


def serial(content, number):
    """The same PNG as other received bytes."""
    return content[:-12] + png.chunk(b"tEXt", b"n\0%d" % number) + content[-12:]


COSTLY = black(4_200, 4_200)  # 53 MB of rows


@pytest.fixture
def application():
    return factories.make_application("registered")


@pytest.fixture
def candidate(application):
    return client_of(application)


def client_of(application):
    client = Client()
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def send(client, *files, category="identity", headers=JSON, **data):
    return client.post(f"/materials/{category}/", {"images": files, **data}, headers=headers)


def codes(answer):
    return [error["code"] for error in answer.json()["errors"]]


@contextmanager
def another_process():
    """A database session of somebody else's."""
    other = connection.copy()
    try:
        yield other
    finally:
        ask(other, "SELECT pg_advisory_unlock_all() IS NULL")  # at once: the server closes a session in its own time
        other.close()


def ask(other, sql, *values):
    with other.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


# --- one upload of an account at a time ------------------------------------------------------------------------------


def test_while_another_upload_of_the_account_is_at_work_nothing_is_taken(candidate, application):
    with another_process() as other:
        assert ask(other, OURS, application.account_id)
        answer = send(candidate, a_file(), a_file(seed=2))
    message = "您的另一次上传还没有处理完，这次没有保存。请稍等几秒再传。"
    assert (answer.status_code, answer["Retry-After"]) == (429, "2")
    assert answer.json() == {"images": [], "errors": [{"file": None, "code": "busy", "message": message}]}
    assert MaterialImage.objects.count() == 0


def test_without_a_script_the_page_says_so(candidate, application):
    with another_process() as other:
        assert ask(other, OURS, application.account_id)
        answer = send(candidate, a_file(), headers={"accept": "text/html"})
    assert (answer.status_code, answer["Location"]) == (302, "/materials/#identity")
    assert "您的另一次上传还没有处理完，这次没有保存。请稍等几秒再传。" in candidate.get("/materials/").content.decode()


def test_another_account_goes_on(candidate):
    with another_process() as other:
        assert ask(other, OURS, factories.make_application("registered").account_id)
        assert send(candidate, a_file()).status_code == 201


def test_a_connection_that_ends_ends_its_turn(candidate, application):
    with another_process() as other:
        assert ask(other, OURS, application.account_id)
    wait_until(lambda: send(candidate, a_file()).status_code == 201, "the turn of a process that is gone goes on")


@pytest.mark.parametrize("content", [encoded(drawn()), b"", b"nonsense", encoded(drawn(), "PNG")[:-40]])
def test_a_turn_ends_with_its_request_whatever_was_sent(candidate, application, content):
    send(candidate, of_bytes(content))
    with another_process() as other:
        assert ask(other, OURS, application.account_id) is True


def test_a_turn_ends_with_its_request_though_that_has_failed(candidate, application, monkeypatch):
    def fail(*received, **words):
        raise RuntimeError

    monkeypatch.setattr(uploads, "check", fail)
    with pytest.raises(RuntimeError):
        send(candidate, a_file())
    with another_process() as other:
        assert ask(other, OURS, application.account_id) is True


@pytest.mark.django_db(transaction=True)
def test_a_turn_that_cannot_be_ended_ends_with_its_connection(application, monkeypatch):
    monkeypatch.setattr(turns, "LEAVE", "SELECT 1 / 0 -- %(account)s %(used)s %(rate)s")
    with turns.upload_turn(application.account_id):
        pass  # nothing is raised: what was stored is stored
    with another_process() as other:
        wait_until(lambda: ask(other, OURS, application.account_id), "the turn goes on")


@pytest.mark.django_db(transaction=True)
def test_an_upload_whose_connection_ends_leaves_no_turn(application):
    with pytest.raises(OperationalError), turns.upload_turn(application.account_id), another_process() as other:
        ask(other, "SELECT pg_terminate_backend(%s)", ask(connection, "SELECT pg_backend_pid()"))
        ask(connection, "SELECT 1")
    assert connection.connection is None
    with turns.upload_turn(application.account_id) as turn:
        assert turn.left > 0


@pytest.mark.django_db(transaction=True)
def test_of_two_uploads_at_once_the_first_is_stored_and_the_second_told_to_come_again(application):
    def upload():
        first.append(send(client_of(application), a_file()))
        connection.close()

    first, thread = [], threading.Thread(target=upload)
    with decode._places, decode._places:  # the first is looked at for as long as we like
        thread.start()
        with another_process() as other:
            held = (
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = ("
                "SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            wait_until(lambda: ask(other, held) == 1, "the first has no turn")
        second = send(client_of(application), a_file(seed=2))
    thread.join(30)
    assert [one.status_code for one in first] == [201]
    assert second.status_code == 429
    assert codes(second) == ["busy"]
    assert send(client_of(application), a_file(seed=2)).status_code == 201


# --- before anything is decoded --------------------------------------------------------------------------------------


@pytest.fixture
def nothing_is_decoded(monkeypatch):
    """Whoever asks for a decoder is refused as busy."""
    monkeypatch.setattr(decode, "_PATIENCE", 0.01)
    monkeypatch.setattr(decode, "_places", threading.BoundedSemaphore(1))
    with decode._places:
        yield


@pytest.fixture
def twenty(candidate):
    for number in range(20):
        send(candidate, of_bytes(serial(encoded(drawn(), "PNG"), number)))


def test_a_duplicate_costs_no_decode(candidate, request):
    send(candidate, a_file())
    request.getfixturevalue("nothing_is_decoded")
    assert codes(send(candidate, a_file(), a_file(seed=2))) == ["duplicate", "busy"]


def test_where_there_is_no_place_nothing_is_decoded(candidate, twenty, nothing_is_decoded):
    answer = send(candidate, a_file())
    assert (answer.status_code, codes(answer)) == (422, ["too_many_images"])


def test_what_replaces_a_picture_that_is_gone_is_not_decoded(candidate, nothing_is_decoded):
    gone = "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert codes(send(candidate, a_file(), replaces=gone)) == ["locked"]


def test_a_full_category_still_lets_a_picture_be_replaced(candidate, twenty):
    one = MaterialImage.objects.first()
    assert send(candidate, a_file(), replaces=str(one.pk)).status_code == 201


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (encoded(drawn(), "PNG"), ["duplicate", "duplicate"]),
        (black(400, 400, wrong=b"\x09" * 1201), ["corrupt"] * 3),
    ],
    ids=["whole", "broken"],
)
def test_the_same_bytes_in_one_request_are_decoded_once(candidate, monkeypatch, content, found):
    admitted, admit = [], turns.Turn.admit
    monkeypatch.setattr(turns.Turn, "admit", lambda *turn: admitted.append(1) or admit(*turn))
    answer = send(candidate, *(of_bytes(content, f"{number}.png") for number in range(3)))
    assert codes(answer) == found
    assert len(admitted) == 1


# --- a budget of CPU -------------------------------------------------------------------------------------------------


def spent(application, seconds, ago=0):
    at = timezone.now() - timedelta(seconds=ago)
    UploadCost.objects.create(account=application.account, seconds=seconds, at=at)


def test_what_an_upload_has_cost_is_written_down_and_adds_up(candidate, application):
    send(candidate, a_file())
    first = UploadCost.objects.get(account=application.account).seconds
    send(candidate, a_file(seed=2))
    assert 0 < first < UploadCost.objects.get(account=application.account).seconds < 5


@pytest.fixture
def waits_for_the_disk():
    """Whether a commit now waits for the disk, as it does in production; the tests' own server never does."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")
    yield lambda: ask(connection, "SELECT current_setting('synchronous_commit')") == "on"
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")


def test_what_an_upload_has_cost_is_written_without_waiting_for_the_disk(application, waits_for_the_disk):
    with connection.cursor() as cursor:
        cursor.execute(turns.LEAVE, {"account": application.account_id, "used": 1, "rate": 1})

    assert not waits_for_the_disk()  # in this transaction, which is the test's


@pytest.mark.django_db(transaction=True)
def test_what_is_written_after_it_waits_for_the_disk(application, waits_for_the_disk):
    with turns.upload_turn(application.account_id):
        pass

    assert waits_for_the_disk()


def test_a_refused_picture_costs_what_it_costs(candidate, application):
    send(candidate, of_bytes(black(2_000, 2_000, wrong=b"\x09" * 6001)))
    assert UploadCost.objects.get(account=application.account).seconds > 0


def test_who_has_used_the_budget_up_is_told_when_to_come_again(candidate, application, settings):
    settings.UPLOAD_CPU = 30
    spent(application, 31)
    answer = send(candidate, a_file())
    assert (answer.status_code, codes(answer), answer["Retry-After"]) == (429, ["busy"], "20")
    assert "请过 20 秒再传" in answer.json()["errors"][0]["message"]
    assert MaterialImage.objects.count() == 0


def test_long_waits_are_told_in_minutes(candidate, application, settings):
    settings.UPLOAD_CPU = 30
    spent(application, 45)
    assert "请过 5 分钟再传" in send(candidate, a_file()).json()["errors"][0]["message"]


@pytest.mark.parametrize(("ago", "status"), [(10, 429), (30, 201), (600, 201)])
def test_the_budget_comes_back_as_time_goes_by(candidate, application, settings, ago, status):
    settings.UPLOAD_CPU = 30  # a second in twenty
    spent(application, 31, ago)
    assert send(candidate, a_file()).status_code == status


def test_what_has_come_back_is_no_more_than_the_budget(candidate, application):
    spent(application, 1, ago=86_400)
    with turns.upload_turn(application.account_id) as turn:
        assert turn.left == pytest.approx(30)


def test_a_turn_that_uses_its_budget_up_takes_no_further_picture():
    turn = turns.Turn(left=2, began=thread_time() - 2.5)
    with pytest.raises(turns.Busy) as busy:
        turn.admit(False)
    assert busy.value.seconds == pytest.approx(10, abs=1)


def test_what_came_before_the_end_of_the_budget_is_stored_and_the_rest_comes_again(candidate, monkeypatch):
    admitted, admit = [], turns.Turn.admit

    def once(turn, is_costly):
        turn.left = 0 if admitted else turn.left
        admitted.append(is_costly)
        admit(turn, is_costly)

    monkeypatch.setattr(turns.Turn, "admit", once)
    answer = send(candidate, a_file(seed=1), a_file(seed=2), a_file(seed=3))
    assert (answer.status_code, len(answer.json()["images"]), codes(answer)) == (201, 1, ["busy", "busy"])
    assert int(answer["Retry-After"]) >= turns.LATER


# --- few costly pictures at a time -----------------------------------------------------------------------------------


def test_a_costly_picture_waits_for_another_and_an_ordinary_one_does_not(candidate):
    with another_process() as other:
        assert ask(other, turns.TAKE_PLACE, 0)
        answer = send(candidate, of_bytes(COSTLY), a_file())
    assert (answer.status_code, len(answer.json()["images"]), codes(answer)) == (201, 1, ["busy"])
    assert "现在传图片的人较多" in answer.json()["errors"][0]["message"]


def test_a_costly_picture_alone_is_told_when_to_come_again(candidate):
    with another_process() as other:
        assert ask(other, turns.TAKE_PLACE, 0)
        answer = send(candidate, of_bytes(COSTLY))
    assert answer.status_code == 429
    assert answer["Retry-After"] == "5"
    assert MaterialImage.objects.count() == 0


def test_as_many_as_the_setting_says_are_unpacked_at_once(candidate, settings):
    settings.COSTLY_UPLOADS = 2
    with another_process() as other:
        assert ask(other, turns.TAKE_PLACE, 0)
        assert send(candidate, of_bytes(COSTLY)).status_code == 201
        assert ask(other, turns.TAKE_PLACE, 1)
        assert send(candidate, of_bytes(serial(COSTLY, 2))).status_code == 429


def test_the_place_is_free_again_when_the_request_ends(candidate):
    assert send(candidate, of_bytes(COSTLY)).status_code == 201
    with another_process() as other:
        assert ask(other, turns.TAKE_PLACE, 0) is True


def test_who_has_unpacked_much_goes_on_as_one_with_a_costly_picture():
    turn = turns.Turn(left=30, began=thread_time() - turns.SHORT - 0.1)
    with another_process() as other:
        assert ask(other, turns.TAKE_PLACE, 0)
        with pytest.raises(turns.Busy):
            turn.admit(False)
    try:
        wait_until(lambda: place_for(turn), "the place stays taken")
    finally:
        ask(connection, "SELECT pg_advisory_unlock_all() IS NULL")  # no request ends here


def place_for(turn):
    try:
        turn.admit(False)
    except turns.Busy:
        return False
    return turn.has_place


WHITE = encoded(drawn(4_100, 4_100, "L"), quality=5)


@pytest.mark.parametrize(
    ("content", "is_costly"),
    [
        (encoded(drawn()), False),
        (oriented(encoded(drawn()), 6), False),
        (encoded(drawn(4_000, 3_000, "L"), quality=5), False),
        (WHITE, False),
        (oriented(WHITE, 6), True),  # has to be recoded whole
        (encoded(drawn(4_100, 4_100, "L"), quality=5, progressive=True), False),
        (black(2_480, 3_508), False),  # a page at 300 dpi
        (COSTLY, True),
        (black(5_000, 5_000, depth=1, colour=0), False),
        (black(5_000, 5_000, depth=16, colour=6), True),
    ],
)
def test_what_is_costly(content, is_costly):
    found = []
    check.check(content, before=lambda *told: found.append(told))
    assert found == [(hashlib.sha256(content).hexdigest(), is_costly)]
