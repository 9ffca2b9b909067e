"""materials/pictures/colours.py: what is recoded has sRGB's colours, whatever its profile was."""

import pytest
from PIL import Image, ImageCms

from materials.pictures.colours import in_srgb
from tests.materials.picture_files import decoded, display_p3, encoded, oriented, outcome

P3 = display_p3()
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
RED_IN_P3, RED = (234, 51, 35), (255, 0, 0)  # the same red


def sheet(mode="RGB"):
    return Image.new("RGB", (320, 240), RED_IN_P3).convert(mode, palette=Image.Palette.ADAPTIVE)


def farthest(pixel, wanted):
    return max(abs(one - other) for one, other in zip(pixel[:3], wanted, strict=True))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "RGBA")])
def test_a_turned_picture_of_display_p3_keeps_its_red(kind, mode):
    received = encoded(sheet(mode), kind, icc_profile=P3)
    picture = outcome(oriented(received, 6))
    assert farthest(decoded(picture.content).convert("RGB").getpixel((99, 99)), RED) <= 5
    assert farthest(decoded(picture.thumbnail).convert("RGB").getpixel((99, 99)), RED) <= 5


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_an_upright_picture_is_not_recoded_for_its_colours(kind):
    assert outcome(encoded(sheet(), kind, icc_profile=P3)).content == outcome(encoded(sheet(), kind)).content


def test_a_long_profile_in_several_parts_is_put_together():
    long = P3 + bytes(70_000)
    long = len(long).to_bytes(4, "big") + long[4:]
    picture = outcome(oriented(encoded(sheet(), icc_profile=long), 6))
    assert farthest(decoded(picture.content).getpixel((99, 99)), RED) <= 5


@pytest.mark.parametrize("profile", [b"", SRGB, b"no profile", P3[:200], bytes(128)])
def test_where_nothing_can_be_said_or_nothing_differs_the_picture_stays(profile):
    image = sheet()
    assert in_srgb(image, profile) is image


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_profile_of_other_colours_says_nothing(mode):
    image = sheet(mode)
    assert in_srgb(image, P3) is image


def test_what_is_transparent_stays_so():
    image = Image.new("RGBA", (9, 9), (*RED_IN_P3, 40))
    assert in_srgb(image, P3).getpixel((4, 4))[3] == 40
