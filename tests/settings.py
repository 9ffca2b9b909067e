"""The portal's settings for the tests: a data folder and a database of their own, whatever the shell has set.

Read before any conftest.py, so the address of the server is settled here; conftest.py starts it.
"""

import os
from pathlib import Path

from nmec_portal.local import postgres

DATA = Path(__file__).resolve().parent.parent / ".data" / "test"
OWN_SERVER = None if os.environ.get("DATABASE_URL") else DATA / "postgres"

for name in [name for name in os.environ if name.startswith("NMEC_") and not name.startswith("NMEC_BENCH_")]:
    del os.environ[name]
os.environ["NMEC_DATA_DIR"] = str(DATA)
os.environ["NMEC_SECOND_FACTOR"] = "0"  # its own tests switch it on
(DATA / "static").mkdir(parents=True, exist_ok=True)
if OWN_SERVER:
    # two runs at once share the server, each with databases of its own; pytest-xdist's workers inherit the address
    os.environ["DATABASE_URL"] = postgres.url(OWN_SERVER).replace("/nmec?", f"/nmec_{os.getpid()}?")

from nmec_portal import settings
from nmec_portal.settings import *

PASSWORD_HASHERS = ["tests.passwords.QuickArgon2", *settings.PASSWORD_HASHERS]
WHITENOISE_AUTOREFRESH = True  # else every test client lists the static files anew
# joins in the order that Django writes them: planning them takes a third of the time
settings.DATABASES["default"]["OPTIONS"]["options"] = "-c join_collapse_limit=1"
