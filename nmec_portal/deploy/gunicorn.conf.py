"""gunicorn behind nginx, in a container and for `make serve`: a request comes when nginx has all of it."""

import gc
import os
import shutil
import tempfile

bind = os.environ.get("NMEC_BIND") or "0.0.0.0:8000"  # the container's network: only nginx is on it
workers = int(os.environ.get("NMEC_WORKERS") or 2 * (os.cpu_count() or 1) + 1)
# one request a process: with 300 slow uploaders behind nginx the others waited least (threads: 2.5 times longer)
worker_class = "sync"
timeout = 60  # seconds that a request may take; nginx waits 5 longer
graceful_timeout = 30  # seconds for the requests in hand when stopping
backlog = 512
max_requests, max_requests_jitter = 5000, 500  # what a library may leak ends with its process
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
limit_request_line, limit_request_fields, limit_request_field_size = 8190, 100, 8190
forwarded_allow_ips = "127.0.0.1"  # the scheme is read by Django, from our proxy's header
forwarder_headers = ""  # nor does a header say where the portal is mounted (SCRIPT_NAME): gunicorn's 500 where wrong
accesslog = None  # a line for every request is the portal's own (logs.py)
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "nmec_portal.logs.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"level": "WARNING", "propagate": True}},
}
control_socket_disable = True

# a request waits so long for the database; commands such as migrate have no limit (manage.py)
os.environ["NMEC_STATEMENT_TIMEOUT"] = os.environ.get("NMEC_STATEMENT_TIMEOUT") or "30"
os.environ["NMEC_LOCK_TIMEOUT"] = os.environ.get("NMEC_LOCK_TIMEOUT") or "15"
# the processes add up what they count through files; read before prometheus_client is imported
COUNTS = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="nmec-metrics-", dir=worker_tmp_dir)


def pre_fork(server, worker):
    taken = {other.seat for other in server.WORKERS.values()}
    worker.seat = next(seat for seat in range(len(taken) + 1) if seat not in taken)


def post_fork(server, worker):
    """Go on counting in the file of the process whose place this one takes: there are as many files as processes."""
    from prometheus_client import values

    values.ValueClass = values.MultiProcessValue(process_identifier=lambda: worker.seat)


def post_worker_init(worker):
    """Load what prints ahead of the first request: else the first to print on each worker waits a second longer."""
    from materials.printing import engine  # noqa: F401

    gc.collect()
    gc.freeze()  # as nmec_portal/wsgi.py does: the collector would go through all of it again and again


def on_exit(server):
    shutil.rmtree(COUNTS, ignore_errors=True)
