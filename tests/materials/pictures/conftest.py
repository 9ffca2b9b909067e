"""A corpus of pictures that may lie beside the repository: test_kinds.py covers its kinds with files of its own."""

from pathlib import Path

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
collect_ignore = [] if CORPUS.exists() else ["test_corpus.py"]
