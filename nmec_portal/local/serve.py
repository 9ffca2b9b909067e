"""`make serve`: the portal as in production, on this machine: nginx with TLS, gunicorn, the worker.

nginx is the machine's, or Debian's package unpacked below .data: installed, it would start a server of its own. The
certificate is our own, so a browser warns. With NMEC_ENV=production nothing but the tables is put into the database;
else the demo data, as in `make run`.
"""

import hashlib
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from importlib.metadata import version
from pathlib import Path

from nmec_portal.local import postgres, setup
from nmec_portal.local.parts import Part, watch
from nmec_portal.local.run import free_port, load

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
UNPACKED = setup.PROJECT / ".data" / "nginx"
HSTS = "max-age=31536000; includeSubDomains; preload"
# glibc would give the memory of each picture back and take it again for the next; read when a process starts (bytes)
MALLOC = {"MALLOC_TRIM_THRESHOLD_": "67108864", "MALLOC_MMAP_THRESHOLD_": "33554432"}
PATIENCE = 60  # seconds for the start
FAREWELL = 15  # seconds for the requests in hand


def find_nginx() -> str:
    """Return the path of nginx; fetch Debian's package where there is none. Raises SetupError with what to do."""
    inside = UNPACKED / "usr" / "sbin" / "nginx"
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not found and not inside.exists():
        with setup.alone("nginx"):
            _unpack_nginx()
    return found or str(inside)


def _unpack_nginx() -> None:
    advice = "nginx is missing, and could not be had:\n{}\nInstall it: sudo apt-get install nginx"
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise setup.SetupError(advice.format("this is no Debian"))

    new = UNPACKED.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)

    setup.say("Fetching Debian's nginx …")
    fetch = ["apt-get", "download", "-qq", "nginx"]
    done = subprocess.run(fetch, cwd=new, capture_output=True, text=True)
    if done.returncode and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], capture_output=True)
        done = subprocess.run(fetch, cwd=new, capture_output=True, text=True)

    packages = list(new.glob("nginx_*.deb"))
    if done.returncode or not packages:
        raise setup.SetupError(advice.format(done.stderr.strip()))

    subprocess.run(["dpkg-deb", "-x", packages[0], new], check=True)
    if subprocess.run([new / "usr/sbin/nginx", "-v"], capture_output=True).returncode:
        raise setup.SetupError(advice.format("a library of Debian's nginx is missing"))
    new.rename(UNPACKED)


def filled_in(template: str, values: Mapping[str, str]) -> str:
    """Return the template with every ${NAME} replaced, as envsubst does it in the container. Raises KeyError."""
    return re.sub(r"\$\{(NMEC_[A-Z_]+)\}", lambda found: values[found[1]], template)


def main(arguments: list[str]) -> None:
    """PORT of https, and then `prepared` where the machine has been set up; http leads there from PORT + 1."""
    setup.exit_on_kill()
    try:
        port = free_port(arguments[0] if arguments else "8443")
        free_port(str(port + 1))
        if "prepared" not in arguments:
            setup.prepare(setup.PROJECT / "requirements.txt")
            os.execv(setup.PYTHON, [str(setup.PYTHON), "-m", "nmec_portal.local.serve", str(port), "prepared"])
        _serve(port, find_nginx())
    except (setup.SetupError, postgres.ServerError) as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit(130)


def _serve(port: int, nginx: str) -> None:
    production = os.environ.get("NMEC_ENV") == "production"
    os.environ["DJANGO_SETTINGS_MODULE"] = "nmec_portal.settings"
    os.environ.setdefault("NMEC_DEMO", "0" if production else "1")
    os.environ.setdefault("NMEC_BASE_URL", f"https://127.0.0.1:{port}")
    os.environ.setdefault("NMEC_TRUSTED_PROXIES", "1")
    if os.environ.get("NMEC_STORAGE") != "s3":
        os.environ.setdefault("NMEC_ACCEL", "/pictures/")
    data = Path(os.environ.get("NMEC_DATA_DIR") or setup.PROJECT / ".data").resolve()
    given = os.environ.get("DATABASE_URL")
    with nullcontext(given) if given else postgres.running(data / "postgres") as os.environ["DATABASE_URL"]:
        logins = load(demo=os.environ["NMEC_DEMO"] == "1")
        with tempfile.TemporaryDirectory(prefix="nmec-serve-") as place:
            os.environ["NMEC_BIND"], logins_at = _free_addresses(2)
            _settle(Path(place), port, production, logins_at)
            _run(
                Path(place),
                port,
                nginx,
                logins_at,
                f"{logins}\nThe portal answers at https://127.0.0.1:{port}/ (Ctrl-C stops it).",
                None if given else data / "postgres",
            )


def _free_addresses(number: int) -> list[str]:
    with ExitStack() as until_all_are_found:
        free = [until_all_are_found.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [f"127.0.0.1:{one.getsockname()[1]}" for one in free]


def _settle(place: Path, port: int, production: bool, logins: str) -> None:
    """Write what nginx reads: static files, error pages, a certificate and its configuration."""
    from django.conf import settings

    from nmec_portal import error_pages
    from nmec_portal.local import certificate

    collect_static()
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    error_pages.write(place / "pages")
    certificate.write(place)
    # in development a browser would refuse http on this machine for a year
    write_configuration(place, port, os.environ["NMEC_BIND"], logins=logins, hsts=HSTS if production else "")


def collect_static() -> None:
    """Collect the static files, unless these very files lie there: compressing them takes 9 s of CPU."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    from nmec_portal.static_files import BUNDLES

    files = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    facts = [(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    made_by = [version(one) for one in ("whitenoise", "rcssmin", "rjsmin")]
    how = (settings.STORAGES["staticfiles"], settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS, made_by, BUNDLES)
    now = hashlib.sha256(repr((how, sorted(facts))).encode()).hexdigest()

    collected = settings.STATIC_ROOT / ".collected"
    if collected.exists() and collected.read_text() == now:
        return
    collected.unlink(missing_ok=True)  # not before all of them are there
    call_command("collectstatic", interactive=False, verbosity=0)
    collected.parent.mkdir(parents=True, exist_ok=True)
    collected.write_text(now)


def write_configuration(place: Path, port: int, upstream: str, *, hsts: str, logins: str = "") -> None:
    """nginx.conf in `place`, where the certificate and the pages are; `logins`: who logs in is answered there."""
    from django.conf import settings

    values = {
        "NMEC_HTTPS": f"127.0.0.1:{port}",
        "NMEC_HTTP": f"127.0.0.1:{port + 1}",
        "NMEC_TLS": place,
        "NMEC_UPSTREAM": upstream,
        "NMEC_LOGINS": logins or upstream,
        "NMEC_RESOLVER": "127.0.0.1",  # never asked: the upstream is an address
        "NMEC_HOSTS": " ".join(host for host in settings.ALLOWED_HOSTS if re.fullmatch(r"[A-Za-z0-9.-]+", host)),
        "NMEC_MAX_BODY": settings.MAX_BODY,
        "NMEC_STATIC": settings.STATIC_ROOT,
        "NMEC_PAGES": place / "pages",
        "NMEC_MEDIA": settings.MEDIA_ROOT,
        "NMEC_RUN": place,
        "NMEC_ACCESS": place,
        "NMEC_DEPLOY": DEPLOY,
        "NMEC_HSTS": hsts,
    }
    template = (DEPLOY / "nginx.conf.template").read_text()
    (place / "nginx.conf").write_text(filled_in(template, {name: str(value) for name, value in values.items()}))


def nginx_command(nginx: str, place: Path) -> list[str | Path]:
    who = "user root root;" if os.geteuid() == 0 else ""  # its workers read what we have written
    return [nginx, "-p", place, "-e", "stderr", "-c", place / "nginx.conf", "-g", f"daemon off; {who}"]


def _run(place: Path, port: int, nginx: str, logins: str, greeting: str, database: Path | None) -> None:
    """Start the four, say the greeting when they answer, watch them, and stop them, nginx first. Raises SetupError."""
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", DEPLOY / "gunicorn.conf.py"]
    commands: dict[str, list[str | Path]] = {
        "gunicorn": [*gunicorn, "nmec_portal.wsgi"],
        "The log-ins": ["nice", "-n", "5", *gunicorn, "-b", logins, "-w", "1", "nmec_portal.wsgi"],
        "The worker": [sys.executable, "manage.py", "worker"],
        "nginx": nginx_command(nginx, place),
    }
    os.environ.update(MALLOC)
    with ExitStack() as stack:
        parts = []
        for name, command in commands.items():
            parts.append(Part(name, command))
            stack.callback(parts[-1].stop)
        deadline = time.monotonic() + PATIENCE
        while not _answers(port, place / "fullchain.pem"):
            if time.monotonic() > deadline or any(one.process.poll() is not None for one in parts):
                raise setup.SetupError("A part of the portal does not answer, or has ended; its last words are above.")
            time.sleep(0.2)
        setup.say(greeting)
        watch(parts, lambda: _answers(port, place / "fullchain.pem", "/readyz"), database)


@contextmanager
def child(command: list[str | Path]) -> Iterator[subprocess.Popen[bytes]]:
    """Run it in a session of its own (no Ctrl-C reaches it), then stop it; it ends with us, however we end."""
    bound = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    process = subprocess.Popen([*bound, *command], cwd=setup.PROJECT, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int, certificate: Path, path: str = "/healthz") -> bool:
    trusting = ssl.create_default_context(cafile=certificate)
    try:
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=trusting)
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False


if __name__ == "__main__":
    main(sys.argv[1:])
