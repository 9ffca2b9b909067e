"""The on-site list: what a candidate brings to the registration point.

Source: Attachment 3 (who brings what) and Attachment 4 (the numbered list that the copies are bound by).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from candidates.rules.profile import Profile
from materials.rules.own_lines import OwnLine

# Attachment 4 to the letter: number, name, how many, remark.
ATTACHMENT_4: tuple[tuple[int, str, str, str], ...] = (
    (1, "医师资格考试网上报名成功通知单", "1", ""),
    (2, "本人有效身份证明复印件", "1", ""),
    (3, "毕业证书原件及复印件", "1", ""),
    (4, "教育部学历证书电子注册备案表", "1", ""),
    (5, "执业助理医师资格证原件、复印件", "1", "助理考执业提交"),
    (6, "执业助理医师执业证原件、复印件", "1", "助理考执业提交"),
    (7, "医师资格考试试用期考核证明", "1", ""),
    (8, "执业助理医师报考执业医师执业期考核证明", "1", "助理考执业提交"),
    (9, "所在医疗机构的《医疗机构执业许可证》正、副本复印件，加盖医疗机构印章（无印章无效）", "1", ""),
    (10, "应届医学专业毕业生医师资格考试报考承诺书", "1", "应届毕业生提交"),
    (11, "近期白底免冠小二寸照片2张（粘贴在身份证复印件右上角空白处）", "1", ""),
)
ATTACHMENT_4_NOTE = (
    "注：以上材料复印件均以A4纸准备，按材料序号顺序进行装订；当年毕业研究生导师所在医疗机构出具的证明必须有导师签字，"
    "台港澳及外籍考生报考医师资格考试审核条件参照"
    "《关于取得中国医学专业学历的外籍人员申请参加中华人民共和国医师资格考试有关问题的通知》"
)
# Attachment 3, 三: of the three notices that it names, each candidate reads the one that applies.
NOTICE_HONGKONG_MACAO_TAIWAN = (
    "《关于取得内地医学专业学历的台湾、香港、澳门居民申请参加中华人民共和国医师资格考试有关问题的通知》"
)
NOTICE_OVERSEAS = "《关于台湾地区居民和获得国外医学学历的中国大陆居民参加医师资格考试有关问题的通知》"
NOTICE_FOREIGN = "《关于取得中国医学专业学历的外籍人员申请参加中华人民共和国医师资格考试有关问题的通知》"


@dataclass(frozen=True)
class Line:
    """One line: how many originals are shown, and how many copies (or, counted in `unit`, how many of the thing).

    `item` is Attachment 4's number, None for what is not on it.
    """

    document: str
    original: bool
    copies: int
    remark: str = ""
    item: int | None = None
    unit: str = ""
    originals: int = 1  # where the original is shown
    form: str = ""  # the portal's own form that it is written on (printing.documents)

    @property
    def amount(self) -> str:
        """In words: 原件及复印件1份, 原件, 原件2份, 复印件1份, 1份, 2张."""
        if self.unit:
            return f"{self.copies}{self.unit}"
        original = ("原件" if self.originals == 1 else f"原件{self.originals}份") if self.original else ""
        copies = f"复印件{self.copies}份" if self.copies else ""
        return "及".join(part for part in (original, copies) if part)


@dataclass(frozen=True)
class _Row:
    """One row of the table of who brings what; `{year}` is the session's. A remark may depend on the profile.

    `per_institution`: every institution of the trial or practice gives one.
    """

    line: Line
    when: Callable[[Profile], bool] = lambda profile: True
    remark: Callable[[Profile], str] = lambda profile: ""
    per_institution: bool = False


def _degree_route(profile: Profile) -> bool:
    return profile.route == "degree"


def _licensed(profile: Profile) -> bool:
    return profile.holds_assistant_licence


def _on_trial(profile: Profile) -> bool:
    return not profile.holds_assistant_licence


def _graduating(profile: Profile) -> bool:
    return profile.graduating_postgraduate


def _diploma_remark(profile: Profile) -> str:
    if not profile.graduating_postgraduate:
        return ""
    return "提交已取得的毕业证书；新取得的毕业证书、学位证书在取得后补交，最迟{year}年8月31日"


def _probation_remark(profile: Profile) -> str:
    return "应届医学专业毕业生{year}年8月31日前交考点办公室" if profile.fresh_graduate else ""


def _practice_remark(profile: Profile) -> str:
    return "附团级以上卫生部门的审核证明" if profile.serving_military else ""


def _abroad_remark(profile: Profile) -> str:
    """Quote the notice of 三 that applies; a mainland degree and a residence there need none."""
    notice = {"foreign": NOTICE_FOREIGN, "mainland": ""}.get(profile.residency, NOTICE_HONGKONG_MACAO_TAIWAN)
    if profile.overseas_education and profile.residency in ("mainland", "taiwan"):
        notice = NOTICE_OVERSEAS
    return f"按照原国家卫健委{notice}相关规定提供" if notice else ""


def _recognition_remark(profile: Profile) -> str:
    return _abroad_remark(profile) if profile.residency == "mainland" else ""


_SEALED = "加盖医疗机构印章（无印章无效）"
_ROWS: tuple[_Row, ...] = (
    _Row(Line("《医师资格考试网上报名成功通知单》", False, 1, item=1, unit="份")),
    _Row(Line("本人有效身份证明", True, 1, item=2)),
    _Row(Line("毕业证书", True, 1, item=3), _degree_route, _diploma_remark),
    _Row(Line("《传统医学师承出师证书》", True, 1, item=3), lambda p: p.route == "apprentice"),
    _Row(Line("《传统医学医术确有专长证书》", True, 1, item=3), lambda p: p.route == "expertise"),
    _Row(
        Line("教育部学历证书电子注册备案表", False, 1, item=4, unit="份"),
        lambda p: p.route == "degree" and p.has_online_record,
    ),
    _Row(Line("助理医师资格证", True, 1, item=5), _licensed),
    _Row(Line("助理医师执业证", True, 1, item=6), _licensed),
    _Row(
        Line("《医师资格考试试用期考核证明》", True, 0, item=7, form="probation-certificate"),
        _on_trial,
        _probation_remark,
        True,
    ),
    _Row(
        Line("《执业助理医师报考执业医师执业期考核证明》", True, 0, item=8, form="practice-certificate"),
        _licensed,
        _practice_remark,
        True,
    ),
    _Row(Line("试用期所在医疗机构的《医疗机构执业许可证》正、副本", False, 1, _SEALED, item=9), _on_trial),
    _Row(Line("所在医疗机构的《医疗机构执业许可证》正、副本", False, 1, _SEALED, item=9), _licensed),
    _Row(
        Line("《应届医学专业毕业生医师资格考试报考承诺书》", True, 0, item=10, form="fresh-graduate-commitment"),
        lambda p: p.fresh_graduate,
    ),
    _Row(
        Line("近期（6个月内）白底免冠小二寸照片", False, 2, "粘贴在身份证复印件右上角空白处", item=11, unit="张"),
    ),
    _Row(Line("本人入学登记表", True, 1), _graduating),
    _Row(Line("院校研究生院“临床研究生资格”证明", True, 0), _graduating),
    _Row(Line("导师所在医疗机构出具的证明", True, 0, "导师签字确认"), _graduating),
    _Row(
        Line("《台湾、香港、澳门居民参加国家医师资格考试实习申请审核表》", True, 0),
        lambda p: p.residency in ("hongkong", "macao", "taiwan") and not p.holds_assistant_licence,
        _abroad_remark,
    ),
    _Row(
        Line("《外籍人员参加中国医师资格考试实习申请审核表》", True, 0),
        lambda p: p.residency == "foreign" and not p.holds_assistant_licence,
        _abroad_remark,
    ),
    _Row(
        Line("教育部留学认证中心《国外学历学位认证书》", True, 0),
        lambda p: p.overseas_education,
        _recognition_remark,
    ),
    _Row(Line("军队相关身份证明", True, 1), lambda p: p.serving_military),
    _Row(Line("团级以上政治部门同意报考的证明", True, 0), lambda p: p.serving_military),
    _Row(
        Line("{year}年医师资格考试短线医学专业加试申请表", True, 0, form="supplementary-test"),
        lambda p: p.supplementary_test != "none",
    ),
)


def lines(profile: Profile, *, year: int, own: Sequence[OwnLine] = (), institutions: int = 1) -> tuple[Line, ...]:
    """Return what the candidate brings, as it is bound: Attachment 4's numbers, then what 二.2(6), 三 to 五 add.

    `year` is the session's, `institutions` how many the trial or practice was done at. Last come those of the units'
    own lines (that apply) which are brought.
    """
    asked = (Line(line.name, line.original, line.copies, line.remark) for line in own if line.is_brought)
    return (*(_line(row, profile, year, institutions) for row in _ROWS if row.when(profile)), *asked)


def attachment_4_items(profile: Profile, *, year: int) -> frozenset[int]:
    """Return which of Attachment 4's numbers this candidate hands in."""
    return frozenset(line.item for line in lines(profile, year=year) if line.item is not None)


def _line(row: _Row, profile: Profile, year: int, institutions: int) -> Line:
    line = row.line
    remark = (line.remark or row.remark(profile)).format(year=year)
    originals = institutions if row.per_institution else 1
    if originals > 1:
        remark = "；".join(part for part in (f"每个机构1份，共{originals}份", remark) if part)
    return replace(line, document=line.document.format(year=year), remark=remark, originals=originals)
