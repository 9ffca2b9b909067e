"""The warnings of a picture as sentences."""

from materials.models import MaterialImage
from materials.pictures.check import WARNINGS
from materials.rules.catalogue import BY_CODE


def warning_sentences(image: MaterialImage) -> list[str]:
    """One sentence for each warning: what looks wrong, and what to do; for the candidate and for the reviewer."""
    return [_sentence(code) for code in image.warnings]


def _sentence(code: str) -> str:
    kind, _, category = code.partition(":")
    if kind == "same_as":
        return f"与“{BY_CODE[category].label}”中的一张图片完全相同，请确认没有放错类别。"
    return WARNINGS[code]
