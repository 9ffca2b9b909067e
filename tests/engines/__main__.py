"""`make test-webkit` and `make test-old`: install the engines that are named, then walk through the portal in each."""

import os
import subprocess
import sys
from pathlib import Path

from nmec_portal.local import setup
from tests.engines import programs

WALKS = Path(__file__).with_name("walks.py")


def main(engines: list[str]) -> int:
    unknown = [one for one in engines if one != "webkit" and one not in programs.CHROMIUMS]
    if unknown or not engines:
        print(f"no such engine: {' '.join(unknown)}; there are webkit {' '.join(programs.CHROMIUMS)}")
        return 2

    try:
        for one in engines:
            programs.install_webkit() if one == "webkit" else programs.install(programs.CHROMIUMS[one])
    except setup.SetupError as error:
        print(error)
        return 1

    asked = [sys.executable, "-m", "pytest", "-p", "no:randomly", WALKS]
    return subprocess.run(asked, cwd=setup.PROJECT, env={**os.environ, "ENGINES": " ".join(engines)}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
