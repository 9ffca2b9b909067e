"""Colours by an ICC profile into sRGB, which is what a picture without a profile means.

A phone's Display P3 taken for sRGB makes a red seal brown. Only what is recoded anyway is converted: to convert an
upright JPEG would cost it its compressed data.
"""

import io
from functools import cache

from PIL import Image, ImageCms

_ALIKE = 5  # of 255: no patch differs by more where a profile is sRGB by another name
_STEPS = (0, 64, 128, 191, 255)
_SPACES = {"RGB": "RGB", "RGBA": "RGB", "P": "RGB", "CMYK": "CMYK"}  # by mode: the profile that fits it


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the picture in sRGB's colours, of mode RGB where it was CMYK, else of the same.

    It stays as it is where the profile is none, cannot be read, is of other colours, or means the same as sRGB.
    """
    if not profile or image.mode not in _SPACES:
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if own.profile.xcolor_space.strip() != _SPACES[image.mode]:
            return image
        if image.mode == "CMYK":
            return _converted(image, own)
        return image if _is_alike(own) else _in_own_mode(image, own)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _in_own_mode(image: Image.Image, own: ImageCms.ImageCmsProfile) -> Image.Image:
    if image.mode != "P":
        return _converted(image, own)
    palette = image.getpalette() or []
    colours = Image.frombytes("RGB", (len(palette) // 3, 1), bytes(palette))
    converted = image.copy()
    converted.putpalette(_converted(colours, own).tobytes())
    return converted


def _is_alike(own: ImageCms.ImageCmsProfile) -> bool:
    patches = bytes(value for red in _STEPS for green in _STEPS for blue in _STEPS for value in (red, green, blue))
    image = Image.frombytes("RGB", (len(patches) // 3, 1), patches)
    differences = zip(patches, _converted(image, own).tobytes(), strict=True)
    return max(abs(one - other) for one, other in differences) <= _ALIKE


def _converted(image: Image.Image, own: ImageCms.ImageCmsProfile) -> Image.Image:
    mode = "RGB" if image.mode == "CMYK" else image.mode
    return ImageCms.profileToProfile(image, own, _srgb(), outputMode=mode) or image  # None is what is done in place


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
