"""`make run`: sets up the machine, then serves the portal with its demo data until Ctrl-C.

Started twice: by the machine's Python to set up (standard library only), then by .venv's to serve.
"""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from nmec_portal.local import postgres, setup

WORKERS = max(2, min(4, os.cpu_count() or 2))
THREADS = 4


def main(arguments: list[str]) -> None:
    """PORT, and then `prepared` where the machine has been set up."""
    setup.exit_on_kill()
    try:
        port = free_port(arguments[0] if arguments else "8000")
        if "prepared" not in arguments:
            setup.prepare(setup.PROJECT / "requirements.txt")
            os.execv(setup.PYTHON, [str(setup.PYTHON), "-m", "nmec_portal.local.run", str(port), "prepared"])
        _serve(port)
    except (setup.SetupError, postgres.ServerError) as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit(130)


def free_port(text: str) -> int:
    """Return the port's number. Raises SetupError where it is none, or is taken."""
    port = int(text) if text.isascii() and text.isdecimal() else 0
    if not 1 <= port <= 65535:
        raise setup.SetupError(f"PORT={text} is no port; take a number from 1 to 65535, such as PORT=8100")

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise setup.SetupError(
                f"Port {port} cannot be used ({error.strerror}); perhaps the portal is running already. "
                "Stop what uses it, or take another port, such as PORT=8100"
            ) from None
    return port


def _serve(port: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "nmec_portal.settings"
    os.environ["NMEC_DEMO"] = "1"
    os.environ.setdefault("NMEC_BASE_URL", f"http://127.0.0.1:{port}")
    data = Path(os.environ.get("NMEC_DATA_DIR") or setup.PROJECT / ".data")
    given = os.environ.get("DATABASE_URL")
    if given:
        setup.say("DATABASE_URL is set: the demo data goes into that database.")
    database = nullcontext(given) if given else postgres.running(data / "postgres")
    with database as os.environ["DATABASE_URL"], _cashier(data / "cashier"), _sms_gateway(data / "cashier"):
        logins = load()
        with _worker():
            _listen(port, f"{logins}\nThe portal answers at http://127.0.0.1:{port}/ (Ctrl-C stops it).")


@contextmanager
def _cashier(keys: Path) -> Iterator[None]:
    """Run the demo's cashier, with the settings that make it both payment providers."""
    from nmec_portal.payment_settings import PREFIXES
    from review.payments.cashier_keys import keys_in

    for name in [name for name in os.environ if name.startswith(PREFIXES)]:
        del os.environ[name]  # nobody pays for demo data
    made = keys_in(keys)  # before the cashier reads them: two that make them at once would not agree
    with _beside("review.payments.cashier", keys) as [address]:
        os.environ.update(made.environment(f"http://{address}"))
        # the portal goes through a proxy where one is set, but not to this machine
        os.environ["NO_PROXY"] = os.environ["no_proxy"] = f"127.0.0.1,{os.environ.get('NO_PROXY', '')}".rstrip(",")
        yield


@contextmanager
def _sms_gateway(keys: Path) -> Iterator[None]:
    """Run the demo's SMS gateway and mailbox likewise: nobody is told of demo data."""
    from nmec_portal.message_settings import PREFIXES
    from review.demo.sms_gateway import environment

    for name in [name for name in os.environ if name.startswith((*PREFIXES, "NMEC_SMTP", "NMEC_SENDER"))]:
        del os.environ[name]
    with _beside("review.demo.sms_gateway", keys, ports=2) as [pages, mails]:
        os.environ.update(environment(keys, f"http://{pages}", mails))
        setup.say(f"What is sent to phones and mailed stands at http://{pages}/ (演示短信和邮件).")
        yield


@contextmanager
def _beside(module: str, keys: Path, *, ports: int = 1) -> Iterator[list[str]]:
    """Run this module on ports of its own; give host and port of each.

    It ends with us and our workers, however we end: nobody holds its standard input open any more.
    """
    with ExitStack() as bound:
        listening = [bound.enter_context(socket.socket()) for _ in range(ports)]
        for one in listening:
            one.bind(("127.0.0.1", 0))
        addresses = [f"127.0.0.1:{one.getsockname()[1]}" for one in listening]
        numbers = [one.fileno() for one in listening]
        command = [sys.executable, "-m", module, ",".join(map(str, numbers)), str(keys)]
        started = subprocess.Popen(
            command, cwd=setup.PROJECT, stdin=subprocess.PIPE, pass_fds=numbers, start_new_session=True
        )
    started.returncode = 0  # nobody waits for it
    with started.stdin:
        yield addresses


@contextmanager
def _worker() -> Iterator[None]:
    """Do the jobs that operators ask for, and send messages. The process ends with ours, however that ends."""
    bound = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    command = [*bound, sys.executable, "manage.py", "worker"]
    started = subprocess.Popen(command, cwd=setup.PROJECT, stdin=subprocess.DEVNULL, start_new_session=True)
    ours = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == ours:  # gunicorn's workers leave through here too
            started.terminate()
            started.wait()


def load(*, demo: bool = True) -> str:
    """Create the tables, and the demo data if wanted, where they are missing; returns the logins.

    Raises SetupError where a setting is wrong, or a database of the caller's does not answer.
    """
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command
    from django.db import OperationalError, connections

    printed = io.StringIO()
    try:
        django.setup()
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where there is none
        with setup.alone("load"):
            setup.say(f"Preparing tables{demo * ' and demo data'}; the first time this takes up to a minute …")
            call_command("migrate", verbosity=0, interactive=False, skip_checks=False)  # asks whose keys these are
            if demo:
                call_command("load_demo", stdout=printed)
    except (ImproperlyConfigured, CommandError, OperationalError) as error:
        raise setup.SetupError(str(error).strip()) from None
    connections.close_all()  # a worker must not inherit one
    return printed.getvalue()


def _listen(port: int, greeting: str) -> None:
    """Serve until a signal; the greeting is printed by the first worker that is ready to answer.

    The master is this process itself: killed without mercy, its workers notice and leave, and the last of them stops
    the database server on its way out.
    """
    from gunicorn.app.base import BaseApplication

    options: dict[str, Any] = {
        "bind": f"127.0.0.1:{port}",
        "workers": WORKERS,
        "worker_class": "gthread",
        "threads": THREADS,
        "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,
        "timeout": 120,  # seconds
        "graceful_timeout": 5,  # seconds
        "loglevel": "warning",  # and no access log: it would hold people's addresses
        "control_socket_disable": True,
        "forwarder_headers": "",  # nobody in front of it says where the portal is mounted
        "when_ready": _stop_with_the_terminal,
        "post_worker_init": lambda worker: setup.say(greeting) if worker.age == 1 else None,
    }

    class Portal(BaseApplication):
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from nmec_portal.wsgi import application

            return application

    Portal().run()


def _stop_with_the_terminal(arbiter: Any) -> None:
    """Let a closed terminal mean stop; to gunicorn it would mean: load again."""
    signal.signal(signal.SIGHUP, lambda number, frame: os.kill(os.getpid(), signal.SIGTERM))


if __name__ == "__main__":
    main(sys.argv[1:])
