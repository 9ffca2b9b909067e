"""QR codes and Code 128 are images drawn here, with their light margins and nothing else inside."""

import base64
import re
from xml.etree import ElementTree

import pytest

from materials.printing import codes


def drawn(address):
    kind, _, content = address.partition(";base64,")
    assert kind == "data:image/svg+xml"
    return base64.b64decode(content).decode()


@pytest.mark.parametrize("make", [codes.qr, codes.code128])
def test_a_code_is_svg_that_refers_to_nothing(make):
    svg = drawn(make("110101270001"))
    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    assert re.findall(r"href|url\(|<script|<image", svg) == []


def test_a_code_128_has_its_light_margins_and_is_the_same_every_time():
    svg = drawn(codes.code128("110101270001"))
    width = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])
    bars = [int(place) for place in re.findall(r"M(\d+) 0h1", svg)]
    assert (bars[0], width - bars[-1] - 1) == (codes.QUIET_MODULES, codes.QUIET_MODULES)
    assert codes.code128("110101270001") == codes.code128("110101270001") != codes.code128("110101270002")


def test_digits_in_pairs_make_a_short_code_128():
    modules = 11 * (1 + 6 + 1) + 13  # start, six pairs, checksum, stop
    assert f'viewBox="0 0 {modules + 2 * codes.QUIET_MODULES} ' in drawn(codes.code128("110101270001"))


def test_a_qr_code_leaves_four_light_modules_around_it():
    path = re.search(r'd="M(\d+) (\d+)', drawn(codes.qr("https://example.org/verify/ABCD/")))
    assert int(path[1]) == 4
