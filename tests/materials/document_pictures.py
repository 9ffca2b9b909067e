"""Drawn documents as a scanner or a phone sees them, whole or spoiled: what the warnings are measured on.

`python -m tests.materials.document_pictures` says what materials/pictures/warnings.py gets right on 200 of them, every
specimen four times fine and once spoiled in each way; its thresholds were chosen with seeds 1 and 2, the measure takes
seed 3.
"""

import io
import random
from collections import Counter
from collections.abc import Iterator

from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from materials.pictures import check
from materials.pictures.limits import MAX_BYTES
from materials.specimens import draw

KINDS = ("fine", "blurred", "fine", "dark", "fine", "sideways", "nearly_empty", "fine")
DESKS = ((120, 85, 55), (70, 70, 75), (200, 195, 185), (40, 45, 60), (150, 120, 90))
LONG_SIDES = (900, 1200, 1600, 1600, 2000, 2400, 3200)  # pixels


def generate(number: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """The kind (one of KINDS) and the JPEG of at most 200 KB of each picture."""
    chance = random.Random(seed)
    for index in range(number):
        kind = KINDS[index % len(KINDS)]
        specimen = draw.SPECIMENS[(index * 7 + index // len(KINDS) + seed) % len(draw.SPECIMENS)]
        drawn = draw.draw(specimen.category, specimen.variant, seed=seed * 1000 + index)
        yield kind, _under_limit(_spoiled(_seen(Image.open(io.BytesIO(drawn)).convert("RGB"), chance), kind, chance))


def _seen(document: Image.Image, chance: random.Random) -> Image.Image:
    """A third as scanned, the others as photographed: on a desk, askew, in uneven light, a little soft, with noise."""
    long_side = chance.choice(LONG_SIDES)
    if chance.random() < 0.35:
        return _scaled(document, long_side)
    margin = 1 + 2 * chance.uniform(0.03, 0.18)
    photo = Image.new("RGB", (int(document.width * margin), int(document.height * margin)), chance.choice(DESKS))
    photo = _noisy(photo, chance.choice((8, 20, 35)), grain=chance.choice((3, 8, 20)))
    askew = document.convert("RGBA").rotate(chance.uniform(-5, 5), Image.Resampling.BICUBIC, expand=True)
    photo.paste(askew, ((photo.width - askew.width) // 2, (photo.height - askew.height) // 2), askew)
    darkest = chance.uniform(0.6, 0.95)
    light = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))).resize(photo.size)
    light = light.point([int(255 * darkest + value * (1 - darkest)) for value in range(256)])
    photo = _scaled(ImageChops.multiply(photo, light.convert("RGB")), long_side)
    photo = photo.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 1.0) * long_side / 1600))
    return _noisy(photo, chance.uniform(2, 7))


def _spoiled(picture: Image.Image, kind: str, chance: random.Random) -> Image.Image:
    scale = max(picture.size) / 1600
    if kind == "blurred" and chance.random() < 0.6:
        return _noisy(picture.filter(ImageFilter.GaussianBlur(chance.uniform(5, 10) * scale)), 2)
    if kind == "blurred":
        return _noisy(_moved(picture, int(chance.uniform(18, 40) * scale)), 2)
    if kind == "dark":
        return _noisy(ImageEnhance.Brightness(picture).enhance(chance.uniform(0.1, 0.28)), chance.uniform(2, 6))
    if kind == "sideways":
        return picture.transpose(chance.choice((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)))
    if kind == "nearly_empty":
        paper = chance.choice(((245, 245, 240), (225, 222, 215), (250, 250, 250), (4, 4, 5)))
        return _noisy(Image.new("RGB", picture.size, paper), chance.uniform(1, 5))
    return picture


def _moved(picture: Image.Image, pixels: int) -> Image.Image:
    """The mean of the picture along a short way, as a hand that moves takes it."""
    mean = picture
    for step in range(1, max(2, pixels)):
        mean = Image.blend(mean, ImageChops.offset(picture, step, step // 3), 1 / (step + 1))
    return mean


def _noisy(picture: Image.Image, sigma: float, grain: int = 1) -> Image.Image:
    width, height = (max(2, side // grain) for side in picture.size)
    noise = Image.effect_noise((width, height), sigma).resize(picture.size)
    return ImageChops.add(picture, noise.convert("RGB"), 1, -128)


def _scaled(picture: Image.Image, long_side: int) -> Image.Image:
    scale = long_side / max(picture.size)
    return picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)


def _under_limit(picture: Image.Image) -> bytes:
    for quality in (85, 75, 65, 55, 45, 35, 25, 18, 12):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        if out.tell() <= MAX_BYTES:
            return out.getvalue()
    return _under_limit(picture.reduce(2))


def main() -> None:
    said = Counter((kind, check.check(content).warnings) for kind, content in generate(200, seed=3))
    for (kind, warnings), number in sorted(said.items()):
        print(f"{kind:>14}: {', '.join(warnings) or 'no warning':24} {number:4}")


if __name__ == "__main__":
    main()
