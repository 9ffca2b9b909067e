"""The warnings of a picture as sentences."""

from collections.abc import Sequence

from materials.pictures.warnings import RETIRED, WARNINGS
from materials.rules.catalogue import BY_CODE


def warning_sentences(warnings: Sequence[str]) -> list[str]:
    """Return a sentence for each of a picture's warnings: what looks wrong, and what the candidate can do."""
    return [_sentence(code) for code in warnings if code not in RETIRED]


def _sentence(code: str) -> str:
    kind, _, category = code.partition(":")
    if kind == "same_as":
        return f"与“{BY_CODE[category].label}”中的一张图片完全相同，请确认没有放错类别。"
    return WARNINGS[code]
