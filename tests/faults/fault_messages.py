"""The worker is killed a hundred times while ten thousand messages go out by SMS."""

import os
import tempfile
from pathlib import Path

from django.db import connection

from tests import factories
from tests.candidates.messages import killing
from tests.faults.stand import Failed, Ground

MESSAGES = int(os.environ.get("MESSAGES", "10000"))
KILLS = int(os.environ.get("KILLS", "100"))


def run(ground: Ground) -> str:
    folder = Path(ground.stack.enter_context(tempfile.TemporaryDirectory()))
    seen = killing.run(folder, factories.make_candidate(), messages=MESSAGES, kills=KILLS)
    connection.close()
    if seen.twice or seen.lost or seen.sent_and_not_arrived:
        raise Failed(f"told twice, lost, or counted as sent and not arrived: {seen}")
    return (
        f"{seen.killed} workers killed while {MESSAGES} messages went out: {seen.sent} sent, {seen.doubtful} in doubt "
        f"and listed, none twice, none lost"
    )
