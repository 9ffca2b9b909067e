"""PostgreSQL ends every connection, is restarted in order, and crashes, while people work."""

import signal
import time

from tests.faults.stand import Ground, stand
from tests.nmec_portal.local.serving import as_admin

UPLOADS = 700
TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
EACH = 10  # every connection after so many
AWAY = 2  # seconds without a server


def run(ground: Ground) -> str:
    ended, restarts = 0, {signal.SIGINT: 0, signal.SIGQUIT: 0}
    with stand(ground) as here:
        with here.load(UPLOADS) as load:
            for turn in load.each(EACH):
                if turn % 10:
                    ended += as_admin(TERMINATE)
                    continue
                way = signal.SIGQUIT if turn % 20 == 0 else signal.SIGINT
                ground.stop_database(way)
                time.sleep(AWAY)
                ground.start_database()
                restarts[way] += 1
        seconds = here.works_again()
    return (
        f"{ended} connections ended, {restarts[signal.SIGINT]} restarts, {restarts[signal.SIGQUIT]} crashes, "
        f"well again after {seconds:.1f} s; {here.seen()}"
    )
