"""The portal is ten minutes fast, then ten slow; the database's, the proxy's and the people's clocks are right.

nginx keeps to the right time, as it drops its environment: what it says of a request's beginning (decision 52) is off.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.faults.stand import Ground, Skipped, stand

UPLOADS = 150
MINUTES = 10


def run(ground: Ground) -> str:
    if not (compiler := shutil.which("cc")):
        raise Skipped("a C compiler is missing: apt-get install gcc libc6-dev")
    told = []
    with tempfile.TemporaryDirectory(prefix="nmec-fault-clock-") as folder:
        library = Path(folder, "clock.so")
        source = Path(__file__).with_name("clock.c")
        subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, source], check=True)
        for minutes in (MINUTES, -MINUTES):
            with stand(ground, LD_PRELOAD=str(library), CLOCK_OFF=str(minutes * 60)) as here:
                with here.load(UPLOADS):
                    pass
                seconds = here.works_again()
            told.append(f"{minutes:+} minutes: well after {seconds:.1f} s; {here.seen()}")
    return " | ".join(told)
