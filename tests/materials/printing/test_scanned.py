"""The codes are read from what an office has: a grey print, scanned at 150 dpi, slightly skew and blurred."""

import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from materials.printing import documents
from tests.materials.applications import LONGEST, NOTICE, YEAR, application
from tests.materials.printing.test_pdf import picture_of

NUMBER = "2027110100100017"
pytestmark = pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbar-tools is not installed")


def scanned(slug: str, folder: Path, values: dict | None = None) -> set[str]:
    """Return what zbar reads from the first page: kind and text of each code."""
    document = documents.get(slug)
    content = documents.render(document, year=YEAR, application=application(values), notice=NOTICE)
    with picture_of(content, 150) as page:
        skew = page.rotate(0.7, Image.Resampling.BICUBIC, fillcolor=255)
        grey = skew.filter(ImageFilter.GaussianBlur(0.4))
    path = folder / "scan.png"
    grey.save(path)
    read = subprocess.run(["zbarimg", "--quiet", path], capture_output=True, text=True)
    return set(read.stdout.split())


def test_the_notices_codes_lead_to_its_verification_and_to_its_number(tmp_path):
    page = documents.context(documents.get("notice"), year=YEAR, application=application(), notice=NOTICE)
    assert page["verify_address"].endswith(f"/verify/{NOTICE.code}/")
    assert scanned("notice", tmp_path) == {f"CODE-128:{NUMBER}", f"QR-Code:{page['verify_address']}"}


@pytest.mark.parametrize("slug", [document.slug for document in documents.blank_forms()])
def test_every_forms_code_is_its_number(slug, tmp_path):
    assert scanned(slug, tmp_path, LONGEST) == {f"QR-Code:{NUMBER}"}
