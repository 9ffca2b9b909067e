"""Specimens: drawn pictures of the documents that Attachment 2 asks for, every one marked 示例.

Candidates see them beside each category ("示例"), the demo uploads them, tests use them as real pictures. Nobody's data
is on them: the person is 张某某, the region of the ID number (99) is assigned to nobody, places and bodies are called
示例. Pure: Pillow and the bundled font.

`python -m materials.specimens.draw` draws static/specimens/ anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from materials.specimens import documents
from materials.specimens.sheet import FAINT, Sheet, encoded

STATIC_FOLDER = Path(__file__).resolve().parents[2] / "static" / "specimens"
STATIC_SIDE, STATIC_LARGEST_BYTES = 800, 60 * 1024

LANDSCAPE, PORTRAIT = (1600, 1100), (1200, 1600)

PERSON: Mapping[str, str] = {
    "name": "张某某",
    "sex": "男",
    "nationality": "汉",
    "birth": "1990年3月7日",
    "number": "10010119900307001X",
    "address": "示例省示例市示例区示例路1号",
    "school": "示例医学院",
    "major": "临床医学",
    "education": "本科",
    "employer": "示例市示例医院",
    "employer_address": "示例省示例市示例区示例路8号",
    "category": "临床执业医师",
    "year": "20××",
    "graduated": "2019年7月1日",
    "diploma_number": "999992019050000001",
    "degree_number": "9999942019000001",
    "licence_number": "201999999000001",
    "practice_number": "210999999000001",
    "registration_number": "PDY99000001",
    "period": "（20××）年（ 9 ）月至（20××）年（ 9 ）月",
    "passport": "X0000001",
}


@dataclass(frozen=True)
class Specimen:
    """One document that can be drawn: its category's code, its variant, and what stands under it on screen."""

    category: str
    variant: str
    caption: str
    size: tuple[int, int]
    paint: Callable[[Sheet, documents.Fields], None]

    @property
    def static_name(self) -> str:
        """Its path below static/: the first of a category has the category's name alone."""
        first = variants(self.category)[0] == self.variant
        return f"specimens/{self.category}.jpg" if first else f"specimens/{self.category}-{self.variant}.jpg"


SPECIMENS: tuple[Specimen, ...] = (
    Specimen("identity", "front", "身份证人像面", LANDSCAPE, documents.identity_front),
    Specimen("identity", "back", "身份证国徽面", LANDSCAPE, documents.identity_back),
    Specimen("identity", "permit-back", "港澳台居民居住证国徽面", LANDSCAPE, documents.residence_permit_back),
    Specimen("identity", "passport", "护照资料页", LANDSCAPE, documents.passport),
    Specimen("diploma", "graduation", "毕业证书", LANDSCAPE, documents.diploma),
    Specimen("diploma", "apprentice", "传统医学师承出师证书", LANDSCAPE, documents.apprentice),
    Specimen("diploma", "expertise", "传统医学医术确有专长证书", LANDSCAPE, documents.expertise),
    Specimen("diploma", "overseas", "国外学历学位认证书", LANDSCAPE, documents.overseas),
    Specimen("degree", "degree", "学位证书", LANDSCAPE, documents.degree),
    Specimen("education_proof", "filing", "教育部学历证书电子注册备案表", PORTRAIT, documents.education_filing),
    Specimen("education_proof", "enrolment", "本人入学登记表", PORTRAIT, documents.enrolment),
    Specimen(
        "education_proof", "postgraduate", "院校研究生院“临床研究生资格”证明", PORTRAIT, documents.clinical_postgraduate
    ),
    Specimen("education_proof", "supervisor", "导师所在医疗机构出具的证明", PORTRAIT, documents.supervisor),
    Specimen("probation", "certificate", "医师资格考试试用期考核证明", PORTRAIT, documents.probation),
    Specimen("probation", "internship", "台湾、香港、澳门居民实习申请审核表", PORTRAIT, documents.internship),
    Specimen("probation", "internship-foreign", "外籍人员实习申请审核表", PORTRAIT, documents.internship_foreign),
    Specimen("institution_licence", "copy", "医疗机构执业许可证副本复印件", LANDSCAPE, documents.institution_licence),
    Specimen(
        "assistant_licence", "qualification", "执业助理《医师资格证书》", LANDSCAPE, documents.assistant_qualification
    ),
    Specimen("assistant_licence", "practice", "《医师执业证书》", LANDSCAPE, documents.assistant_practice),
    Specimen("assistant_licence", "certificate", "执业期考核证明", PORTRAIT, documents.practice_certificate),
    Specimen("fresh_commitment", "commitment", "应届医学专业毕业生报考承诺书", PORTRAIT, documents.fresh_commitment),
    Specimen("supplementary_form", "form", "短线医学专业加试申请表", PORTRAIT, documents.supplementary_form),
    Specimen("military", "identity", "军队相关身份证明", LANDSCAPE, documents.military_identity),
    Specimen("military", "approval", "团级以上政治部门同意报考的证明", PORTRAIT, documents.military_approval),
    Specimen("other", "letter", "考点规定的其他材料", PORTRAIT, documents.other),
)


def variants(category_code: str) -> tuple[str, ...]:
    """Return the variants of a category, the usual one first; none of a category that is not known."""
    return tuple(specimen.variant for specimen in SPECIMENS if specimen.category == category_code)


def of_category(category_code: str) -> tuple[Specimen, ...]:
    """Return what a page shows as 示例: `static_name` is each picture's path below static/, `caption` its words."""
    return tuple(specimen for specimen in SPECIMENS if specimen.category == category_code)


def draw(category_code: str, variant: str = "", *, seed: int = 0, person: Mapping[str, str] | None = None) -> bytes:
    """Return a JPEG of one document, marked 示例: 60 to 190 KB, 1600 × 1100 or 1200 × 1600 pixels, no metadata.

    Without a variant: the category's usual document. The same arguments give the same bytes; another seed gives
    another serial number and so other bytes. `person` replaces values of PERSON. Raises KeyError for a document that
    is not in SPECIMENS.
    """
    specimen = _find(category_code, variant)

    sheet = Sheet(*specimen.size)
    fields = {**PERSON, **(person or {}), "serial": f"{seed % 1_000_000:06d}"}
    specimen.paint(sheet, fields)

    width, height = specimen.size
    sheet.text(width - 60, height - 14, f"示例编号 {fields['serial']}", 22, FAINT, "rs")
    return sheet.jpeg()


def _find(category_code: str, variant: str) -> Specimen:
    for specimen in SPECIMENS:
        if specimen.category == category_code and variant in ("", specimen.variant):
            return specimen
    raise KeyError(f"no specimen of {category_code} {variant}".rstrip())


def small(content: bytes) -> bytes:
    """Return a drawn specimen for the 示例 dialog: at most 800 pixels a side and 60 KB."""
    with Image.open(BytesIO(content)) as image:
        image.thumbnail((STATIC_SIDE, STATIC_SIDE), Image.Resampling.LANCZOS)
        contents = (encoded(image, quality) for quality in (80, 70, 60, 50, 40))
        return next(content for content in contents if len(content) <= STATIC_LARGEST_BYTES)


def write_static(folder: Path = STATIC_FOLDER) -> None:
    """Draw every specimen anew into static/specimens/."""
    folder.mkdir(parents=True, exist_ok=True)
    for specimen in SPECIMENS:
        (folder / Path(specimen.static_name).name).write_bytes(small(draw(specimen.category, specimen.variant)))


if __name__ == "__main__":
    write_static()
