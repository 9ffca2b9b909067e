"""The portal's machine is ten minutes fast, then ten slow; the database's and the people's clocks are right."""

from pathlib import Path

from tests.faults.stand import Ground, Skipped, stand

UPLOADS = 150
LIBRARIES = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
)


def run(ground: Ground) -> str:
    library = next((one for one in LIBRARIES if Path(one).exists()), "")
    if not library:
        raise Skipped("libfaketime is missing: apt-get install libfaketime")
    told = []
    for off in ("+10m", "-10m"):
        faked = {"LD_PRELOAD": library, "FAKETIME": off, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        with stand(ground, **faked) as here:
            with here.load(UPLOADS):
                pass
            seconds = here.works_again()
        told.append(f"{off}: well after {seconds:.1f} s; {here.seen()}")
    return " | ".join(told)
