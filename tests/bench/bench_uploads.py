"""Uploads through the portal, against a bare handler (upload_floor.py): two gunicorn workers each, in turns.

Then what one upload asks of the database with few and with many stored pictures; NMEC_BENCH_PICTURES=100000 takes
another size than a million.
"""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count, permutations
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.models import Account
from materials.models import UploadCost
from nmec_portal.local.serve import MALLOC
from tests.bench import crowd
from tests.bench.bench_pictures import PAPERS, a_picture, full_decode
from tests.bench.measure import Row, in_turns
from tests.factories import make_application, make_session
from tests.materials.picture_files import segment, with_segments

WORKERS, CLIENTS = 2, 4
# each server is started several times: how a process's memory happens to lie moves its speed by a tenth, while it lives
LIVES, ROUNDS, REQUESTS = 6, 6, 60  # rounds of each life, in the six orders of three; a round's requests go to each
CATEGORIES = ("identity", "diploma", "education_proof", "probation", "institution_licence", "other")
PLACES = 3  # pictures in each: 18 an application, as candidates have
FEW, MANY = 1_000, int(os.environ.get("NMEC_BENCH_PICTURES", "1000000"))
QUERIES = 8  # at most, of an upload
# minutes lie between few and many, in which the machine's speed changes: each upload is timed beside a decode
DECODES = " times a scaled decode's beside it"
BACKEND = "candidates.accounts.auth.LoginNameBackend"
TOKEN = "b" * 32
BOUNDARY = "bench-boundary"
TICK = os.sysconf("SC_CLK_TCK")
ROWS_READ = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables"
_serial = count(1)


@dataclass
class Handler:
    app: str
    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    rates: list[float] = field(default_factory=list)  # requests a second
    costs: list[float] = field(default_factory=list)  # CPU seconds a request


@dataclass
class Server:
    handler: Handler
    port: int
    master: int

    def cpu(self) -> float:
        """CPU seconds of all workers so far."""
        workers = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
        stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in workers]
        return sum(int(one[11]) + int(one[12]) for one in stats) / TICK


def run() -> Iterator[Row]:
    session = make_session()
    make_application("point_review", session=session)  # crowd.py's pattern: the first of all
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id text, file text, thumbnail text, width int, height int, size int)")
    yield from against_the_floor(session)
    yield from with_many_pictures(session)


# --- requests a second and CPU -------------------------------------------------------------------------------------


def against_the_floor(session) -> Iterator[Row]:
    requests = uploads(session)
    portal = Handler("nmec_portal.wsgi", "the portal", MALLOC)
    floors = [
        Handler(f"tests.bench.upload_floor:{decode}", f"bare handler, {decode} decode") for decode in ("full", "scaled")
    ]
    with tempfile.TemporaryDirectory(dir=os.environ["NMEC_DATA_DIR"]) as folder:
        for number in range(256):  # the storage's folders are there once it has been in use for an hour
            (Path(folder) / "images" / f"{number:02x}").mkdir(parents=True)
        for _ in range(LIVES):
            one_life([portal, *floors], folder, requests)
    for floor, least, most in zip(floors, (1.2, 0.8), (0.85, 1.35), strict=True):
        fast, slow = statistics.median(portal.rates), statistics.median(floor.rates)
        yield Row("requests a second", floor.name, fast / slow, f"≥ {least}", f"{fast:.0f} / {slow:.0f}")
        mine, other = statistics.median(portal.costs), statistics.median(floor.costs)
        note = f"{mine * 1000:.1f} ms / {other * 1000:.1f} ms of the workers' CPU"
        yield Row("CPU a request", floor.name, mine / other, f"≤ {most}", note)


def one_life(handlers: list[Handler], folder: str, requests: Iterator[tuple[str, str, bytes]]) -> None:
    """The handlers' servers are started, asked in turns, and stopped; what the first round tells is left out."""
    with ExitStack() as stack:
        servers = [stack.enter_context(served(handler, folder)) for handler in handlers]
        orders = list(permutations(servers))  # who comes after whom matters: the disk is at work for the one before
        for turn in range(ROUNDS + 1):
            for server in orders[turn % len(orders)]:
                one_round(server, requests, is_warm=turn > 0)


def uploads(session) -> Iterator[tuple[str, str, bytes]]:
    """(address, cookies, body) of one upload after another, each of other bytes, no category ever full.

    Who sends at the same moment are different candidates: the page sends the pictures of one after another.
    """
    candidates = LIVES * (ROUNDS + 1) * REQUESTS * 3 // (len(CATEGORIES) * PLACES) + 1
    cookies = [cookies_of(make_application("registered", session=session).account) for _ in range(candidates)]
    slots = [(category, one) for category in CATEGORIES for _ in range(PLACES) for one in cookies]
    for category, one in slots:
        yield f"/materials/{category}/", one, body(next(_serial))


def cookies_of(account: Account) -> str:
    client = Client()
    client.force_login(account, backend=BACKEND)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value  # of whom runs this: in production it has a prefix
    mine = {"sessionid": session, "csrftoken": TOKEN}
    return "; ".join(f"{prefix}{name}={value}" for prefix in ("", "__Host-") for name, value in mine.items())


def body(serial: int) -> bytes:
    """A form with one picture of 160 to 200 KB; another serial makes other bytes of it."""
    return form(serial, picture(serial))


def picture(serial: int) -> bytes:
    return with_segments(a_picture(PAPERS[serial % len(PAPERS)], True), segment(0xFE, b"%d" % serial))


def form(serial: int, content: bytes) -> bytes:
    disposition = 'Content-Disposition: form-data; name="'
    parts = [
        f'{disposition}csrfmiddlewaretoken"\r\n\r\n{TOKEN}'.encode(),
        f'{disposition}images"; filename="{serial}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'.encode() + content,
    ]
    start = f"--{BOUNDARY}\r\n".encode()
    return start + (b"\r\n" + start).join(parts) + f"\r\n--{BOUNDARY}--\r\n".encode()


@contextmanager
def served(handler: Handler, folder: str) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = connection.settings_dict["NAME"]  # "test_" before the address's own
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "nmec_portal.settings",
        "DATABASE_URL": re.sub(rf"/{name.removeprefix('test_')}(?=\?|$)", f"/{name}", os.environ["DATABASE_URL"]),
        "NMEC_MEDIA_ROOT": folder,
        **handler.environment,
    }
    command = [sys.executable, "-m", "gunicorn", "--workers", str(WORKERS), "--log-level", "error"]
    process = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}", handler.app], env=environment)
    try:
        wait_for(port)
        yield Server(handler, port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server does not come up")


def one_round(server: Server, requests: Iterator[tuple[str, str, bytes]], *, is_warm: bool) -> None:
    batch = [next(requests) for _ in range(REQUESTS)]
    cpu, start = server.cpu(), time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as crowd_of_clients:
        answers = list(crowd_of_clients.map(lambda one: post(server.port, *one), batch))
    if set(answers) != {201}:
        raise RuntimeError(f"{server.handler.name} answered {sorted(set(answers))}")
    if is_warm:
        server.handler.rates.append(REQUESTS / (time.perf_counter() - start))
        server.handler.costs.append((server.cpu() - cpu) / REQUESTS)


def post(port: int, address: str, cookies: str, content: bytes) -> int:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    headers = {"Content-Type": kind, "Cookie": cookies, "Accept": "application/json", "Host": f"127.0.0.1:{port}"}
    client.request("POST", address, content, headers)
    status = client.getresponse().status
    client.close()
    return status


# --- few and many stored pictures ----------------------------------------------------------------------------------


def with_many_pictures(session) -> Iterator[Row]:
    one, other = a_candidate(session), a_candidate(session)  # both are there first: a short table is read whole
    crowd.grow(0, FEW // crowd.PICTURES)
    few = one_upload(one)
    crowd.grow(FEW // crowd.PICTURES, MANY // crowd.PICTURES)
    many = one_upload(other)
    queries = many["queries"]
    yield Row(
        "queries an upload", f"most {QUERIES}", queries / QUERIES, "≤ 1", f"{queries}, BEGIN and COMMIT not counted"
    )
    for what, most, unit in (
        ("queries", 1, ""),
        ("rows read", 1, ""),
        ("CPU", 1.1, DECODES),
        ("seconds", 1.1, DECODES),
    ):
        note = f"{many[what]:.3g} / {few[what]:.3g}{unit}"
        yield Row(
            f"{what} an upload, {MANY} pictures stored", f"{FEW} stored", many[what] / few[what], f"≤ {most}", note
        )


def a_candidate(session) -> Client:
    client, account = Client(), make_application("registered", session=session).account
    client.force_login(account, backend=BACKEND)
    UploadCost.objects.create(account=account, seconds=0, at=timezone.now())
    return client


def one_upload(client: Client) -> dict[str, float]:
    """What an upload into an empty category costs a candidate of its own; then, in time, one that replaces it."""
    plain = a_picture(PAPERS[0], True)

    def upload():
        content = with_segments(plain, segment(0xFE, b"%d" % next(_serial)))
        file = SimpleUploadedFile("a.jpg", content, "image/jpeg")
        data = {"images": file, "replaces": replaced.pop() if replaced else ""}
        answer = client.post("/materials/identity/", data, headers={"accept": "application/json"})
        replaced.append(answer.json()["images"][0]["id"])  # the next takes its place: the category stays as it is

    replaced: list[str] = []
    client.get("/materials/")  # what is read once in a process has been
    with connection.cursor() as cursor:
        before = rows_read(cursor)
        with CaptureQueriesContext(connection) as asked:
            upload()
        read = rows_read(cursor) - before
    queries = sum(one["sql"].startswith(("EXECUTE", "SELECT", "INSERT", "UPDATE", "DELETE")) for one in asked)
    times, decode = in_turns([upload, lambda: full_decode(plain, scaled=True)], rounds=45)
    ratios = {"CPU": times.cpu / decode.cpu, "seconds": times.wall / decode.wall}
    return {"queries": queries, "rows read": read, **ratios}


def rows_read(cursor) -> int:
    """Rows that the database has read for this connection's statements and all others', so far."""
    cursor.execute("SELECT pg_stat_force_next_flush()")
    cursor.execute(ROWS_READ)
    return cursor.fetchone()[0]
