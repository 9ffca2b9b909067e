"""A candidate's list: what the catalogue asks of one profile, with what the units add to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from candidates.rules.id_number import DOCUMENT_TYPES
from candidates.rules.profile import Profile
from materials.rules.catalogue import CATEGORIES, OTHER, Category, Document
from materials.rules.own_lines import OwnLine

RECOMMENDED_RECORD = "建议上传教育部学历证书电子注册备案表：您的学历为大专及以上，2002年以后毕业，可在学信网申请。"
_IDENTITY_SIDES = {
    "resident_id": ("居民身份证人像面", "居民身份证国徽面"),
    "temporary_id": ("临时居民身份证人像面", "临时居民身份证国徽面"),
    "permanent_resident": ("外国人永久居留身份证正面", "外国人永久居留身份证背面"),
}
_LEGIBLE = "姓名、号码、有效期限清晰可辨，报名当日在有效期内"
# where the chosen document asks for other words than its residency's line
_IDENTITY_REMARKS = {
    "passport": f"有照片的一页；{_LEGIBLE}",
    "temporary_id": f"{_LEGIBLE}；请尽快换证",
    "permanent_resident": _LEGIBLE,
}


@dataclass(frozen=True)
class Notice:
    """A region's or a site's words on one category; `required` makes an optional one required."""

    category: str
    required: bool
    words: str
    by: str = ""  # the unit's name; empty where it is not known any more

    @property
    def reason(self) -> str:
        return f"因为{self.by or '考区或考点'}的通知要求提交"

    @property
    def told(self) -> str:
        """Its words, with who says so."""
        return f"{self.by}：{self.words}" if self.by else self.words


@dataclass(frozen=True)
class Need:
    """One line of a candidate's list.

    `remarks` tell, document by document, what must be legible. `expected` counts the documents that exist already:
    fewer pictures are a warning. `recommended` and `due` are sentences or empty: what is advised where the category
    may stay empty, and until when an owed document is handed in later.
    """

    category: Category
    title: str
    status: str
    documents: tuple[str, ...]
    remarks: tuple[str, ...]
    reasons: tuple[str, ...]
    words: tuple[str, ...]
    owed: bool
    recommended: str
    due: str
    expected: int

    @property
    def is_required(self) -> bool:
        return self.status == "required"

    @property
    def is_other(self) -> bool:
        """Whether its papers are the units' own: then their remarks say for whom."""
        return self.category.code == OTHER

    @property
    def papers(self) -> tuple[tuple[str, str], ...]:
        """Each document with its remark."""
        return tuple(zip(self.documents, self.remarks, strict=True))


def needs(
    profile: Profile,
    *,
    year: int,
    notices: Sequence[Notice] = (),
    own: Sequence[OwnLine] = (),
    document_type: str = "",
    institutions: int = 1,
) -> tuple[Need, ...]:
    """Return a candidate's list in the catalogue's order; hidden categories are absent.

    `year` is the session's. Notices (a region's first, then its site's) can make an optional category required, unless
    it is owed, and add their words to any; they never show a hidden one. `own` are the units' lines that apply: those
    to upload stand in `other`. With `document_type` (id_number.py) the identity line names the document chosen at
    registration. `institutions` is the number of those of the trial or practice: each gives a certificate of its own.
    """
    lines = []
    for category in CATEGORIES:
        if _is_shown(category, profile):
            mine = [notice for notice in notices if notice.category == category.code]
            need = _need(category, profile, year, mine, document_type, institutions)
            lines.append(_with_own(need, own) if category.code == OTHER else need)
    return tuple(lines)


@lru_cache(maxsize=1024)
def shown(profile: Profile) -> frozenset[str]:
    """Return the codes of a candidate's list: the profile alone decides, no notice shows or hides one."""
    return frozenset(category.code for category in CATEGORIES if _is_shown(category, profile))


def _is_shown(category: Category, profile: Profile) -> bool:
    return category.required(profile) or category.optional(profile)


def owed(profile: Profile) -> tuple[str, ...]:
    """Return the codes of the categories of which a paper cannot exist yet (待补), in the catalogue's order."""
    return tuple(category.code for category in CATEGORIES if category.owed(profile) and _is_shown(category, profile))


def _need(
    category: Category,
    profile: Profile,
    year: int,
    notices: Sequence[Notice],
    document_type: str,
    institutions: int,
) -> Need:
    is_owed = category.owed(profile)
    may_be_asked = not category.required(profile) and not is_owed
    asking = [notice.reason for notice in notices if notice.required] if may_be_asked else []
    documents = _documents(category, profile, document_type)
    reasons = [reason.words for reason in category.reasons if reason.when(profile)]
    return Need(
        category=category,
        title=category.title.format(year=year),
        status="required" if asking or category.required(profile) else "optional",
        documents=tuple(_name(document, year, institutions) for document in documents),
        remarks=tuple(document.remark for document in documents),
        reasons=tuple(dict.fromkeys((*reasons, *asking))),
        words=tuple(notice.told for notice in notices if notice.words),
        owed=is_owed,
        recommended=_recommended(category, profile),
        due=category.due.format(year=year) if is_owed else "",
        expected=sum(
            institutions if document.per_institution else 1 for document in documents if not document.not_yet(profile)
        ),
    )


def _with_own(need: Need, own: Sequence[OwnLine]) -> Need:
    """Return the line of `other` with the papers that the units name, in the place of its general words."""
    uploaded = [line for line in own if line.upload]
    if not uploaded:
        return need

    must = [line for line in uploaded if line.upload == "required"]
    asked = [f"因为{line.by}要求提交" for line in must] or [f"{line.by}要求，有的请上传" for line in uploaded]
    by_notice = need.reasons if need.is_required else ()
    return replace(
        need,
        status="required" if must else need.status,
        documents=tuple(line.name for line in uploaded),
        remarks=tuple(line.upload_remark for line in uploaded),
        reasons=tuple(dict.fromkeys((*asked, *by_notice))),
        expected=max(len(must), 1),
    )


def _name(document: Document, year: int, institutions: int) -> str:
    each = f"（{institutions} 份：每个机构 1 份）" if document.per_institution and institutions > 1 else ""
    return document.name.format(year=year) + each


def _documents(category: Category, profile: Profile, document_type: str) -> list[Document]:
    documents = [document for document in category.documents if document.when(profile)]
    if category.code != "identity" or not document_type:
        return documents
    sides = _IDENTITY_SIDES.get(document_type, (DOCUMENT_TYPES[document_type].label,))
    remark = _IDENTITY_REMARKS.get(document_type, documents[0].remark)
    return [replace(documents[0], name=side, remark=remark) for side in sides]


def _recommended(category: Category, profile: Profile) -> str:
    advised = category.code == "education_proof" and category.optional(profile) and profile.has_online_record
    return RECOMMENDED_RECORD if advised else ""
