"""The check of a picture with its thumbnail, against a decode of the whole picture with its thumbnail."""

import io
from functools import lru_cache

from PIL import Image

from materials.pictures import check
from materials.specimens import draw
from tests.bench.measure import compared

PAPERS = ("probation", "identity", "diploma", "other")


def run():
    for photographed in (True, False):
        contents = [a_picture(paper, photographed) for paper in PAPERS]
        kind = "photographed" if photographed else "scanned, its last corner blank"
        yield compared(
            f"check and thumbnail, {kind}",
            lambda contents=contents: [check.check(content) for content in contents],
            "full decode and thumbnail",
            lambda contents=contents: [full_decode(content) for content in contents],
            "≤ 0.5",
        )
        yield compared(
            f"check and thumbnail, {kind}",
            lambda contents=contents: [check.check(content) for content in contents],
            "scaled decode and thumbnail",
            lambda contents=contents: [full_decode(content, scaled=True) for content in contents],
        )


@lru_cache
def a_picture(paper: str, photographed: bool) -> bytes:
    """A drawn document of 1600 × 2200 pixels and 160 to 200 KB; a photograph has grain up to its corners."""
    page = Image.open(io.BytesIO(draw.draw(paper))).convert("RGB").resize((1600, 2200))
    if photographed:
        page = Image.blend(page, Image.effect_noise(page.size, 60).convert("RGB"), 0.08)
    else:
        page.paste("white", (1500, 2100, 1600, 2200))
    for quality in range(95, 5, -1):
        out = io.BytesIO()
        page.save(out, "JPEG", quality=quality)
        if out.tell() <= 200_000:
            return out.getvalue()
    raise ValueError(paper)


def full_decode(content: bytes, *, scaled: bool = False) -> bytes:
    image = Image.open(io.BytesIO(content))
    if scaled:
        image.draft("RGB", (320, 320))
    image.load()
    image.thumbnail((320, 320))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
