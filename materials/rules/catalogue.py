"""The catalogue: which material categories there are, who must upload which, and what each must show.

Source: Attachment 2, 二 (its item numbers are kept), with Attachment 3 二.2(6), Attachment 6 note 3 and Attachment 7.
Whatever depends on the candidate is a test on the profile, in the table; need.py asks it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from candidates.rules.profile import Profile

# Attachment of the guide, 二（二）: shown word for word in every upload dialog.
PICTURE_RULES = (
    "材料照片需保证信息真实、准确、完整、有效。画面保持正向，不得翻转旋转。"
    "文件应使用jpg/jpeg/png格式，上传的照片应确保图像清晰，单个照片文件大小不超过200k。"
)

Test = Callable[[Profile], bool]


def always(profile: Profile) -> bool:
    return True


def never(profile: Profile) -> bool:
    return False


@dataclass(frozen=True)
class Document:
    """One document of a category: its name, for whom it is asked, and what must be legible on it."""

    name: str
    remark: str = ""
    when: Test = always
    not_yet: Test = never  # cannot exist yet for these: it is listed, but no picture of it is expected
    per_institution: bool = False  # one from each institution of the trial or practice


@dataclass(frozen=True)
class Reason:
    """Why a category is on a candidate's list, in words."""

    words: str
    when: Test = always


@dataclass(frozen=True)
class Category:
    """One row of the catalogue; `{year}` in its texts is the session's. Neither required nor optional is hidden."""

    code: str
    item: str  # its numbers in Attachment 2, 二; empty where it stands in no attachment
    title: str
    documents: tuple[Document, ...]
    reasons: tuple[Reason, ...]
    required: Test = never
    optional: Test = never
    owed: Test = never
    due: str = ""
    forms: tuple[str, ...] = ()  # the portal's own forms that its papers are written on (printing.documents)

    @property
    def label(self) -> str:
        """Its title where no session is at hand (back office, choices of a column)."""
        return self.title.removeprefix("{year}年度")

    def heading(self, year: int) -> str:
        """Return its numbers in Attachment 2 and its title: the title alone where it stands in no attachment."""
        title = self.title.format(year=year)
        return f"{self.item} {title}" if self.item else title


OTHER = "other"  # where the units' own lines are uploaded


def _from_abroad(profile: Profile) -> bool:
    return profile.residency != "mainland"


def _from_hongkong_macao_taiwan(profile: Profile) -> bool:
    return profile.residency in ("hongkong", "macao", "taiwan")


def _foreign(profile: Profile) -> bool:
    return profile.residency == "foreign"


def _with_degree(profile: Profile) -> bool:
    return profile.route == "degree" and profile.education_at_least("bachelor")


def _trial_period(profile: Profile) -> bool:
    return not profile.holds_assistant_licence


def _fresh(profile: Profile) -> bool:
    return profile.fresh_graduate and not profile.holds_assistant_licence


def _ordinary_diploma(profile: Profile) -> bool:
    on_the_degree_route = profile.route == "degree" and not profile.graduating_postgraduate
    return on_the_degree_route or (profile.route != "degree" and profile.education is not None)


def _diploma_held(profile: Profile) -> bool:
    return profile.route == "degree" and profile.graduating_postgraduate


EVERYBODY = Reason("因为所有考生都须提交")
ON_DEGREE_ROUTE = Reason(EVERYBODY.words, lambda p: p.route == "degree")
APPRENTICE = Reason("师承考生在这一栏上传《出师证书》", lambda p: p.route == "apprentice")
EXPERTISE = Reason("确有专长考生在这一栏上传《确有专长证书》", lambda p: p.route == "expertise")
OVERSEAS = Reason("因为您的学历是非大陆学历", lambda p: p.overseas_education)
GRADUATING = Reason("因为您是当年毕业研究生", lambda p: p.graduating_postgraduate)
FRESH = Reason("因为您是应届医学专业毕业生", lambda p: p.fresh_graduate)
HONGKONG_MACAO_TAIWAN = Reason("因为您是台、港、澳考生", _from_hongkong_macao_taiwan)
FOREIGN = Reason("因为您是外籍考生", _foreign)
MILITARY = Reason("因为您是军队现役人员", lambda p: p.serving_military)
LICENSED = Reason("因为您以执业助理医师身份报考执业医师", lambda p: p.holds_assistant_licence)
CHANGED = Reason("因为您的执业注册有变更，现注册时间不满足报考年限", lambda p: p.registration_changed)

OTHER_PROOFS = "教育部学历证书电子注册备案表、办学批文、招生花名册、跨省招生计划等其他学历佐证材料"
WHAT_THERE_IS = "上述材料有哪几种就上传哪几种"

CATEGORIES: tuple[Category, ...] = (
    Category(
        "identity",
        "1",
        "本人有效身份证明",
        required=always,
        reasons=(EVERYBODY,),
        documents=(
            Document(
                "报名时所选的身份证件（居民身份证须有人像面和国徽面）",
                "姓名、号码、有效期限清晰可辨，报名当日在有效期内",
                when=lambda p: p.residency == "mainland",
            ),
            Document(
                "报名时所选的身份证件（港澳台居民居住证或港、澳、台居民身份证）",
                "姓名、号码、有效期限清晰可辨，报名当日在有效期内；证件有两面的，两面都要",
                when=_from_hongkong_macao_taiwan,
            ),
            Document(
                "报名时所选的证件（护照有照片的一页，或外国人永久居留身份证两面）",
                "姓名、号码、有效期限清晰可辨，报名当日在有效期内",
                when=_foreign,
            ),
        ),
    ),
    Category(
        "diploma",
        "2, 7",
        "毕业证书",
        required=always,
        reasons=(ON_DEGREE_ROUTE, APPRENTICE, EXPERTISE, OVERSEAS, GRADUATING),
        owed=lambda p: p.graduating_postgraduate,
        due="新取得的毕业证书，请在取得后补交，最迟 {year} 年 8 月 31 日 24:00。",
        documents=(
            Document(
                "《传统医学师承出师证书》",
                "姓名、证书编号、发证日期和印章清晰可辨",
                when=lambda p: p.route == "apprentice",
            ),
            Document(
                "《传统医学医术确有专长证书》",
                "姓名、证书编号、发证日期和印章清晰可辨",
                when=lambda p: p.route == "expertise",
            ),
            Document("毕业证书", "姓名、学校、专业、毕业日期、证书编号和印章清晰可辨", when=_ordinary_diploma),
            Document(
                "本科毕业证书（已取得的学历）",
                "姓名、学校、专业、毕业日期、证书编号和印章清晰可辨",
                when=_diploma_held,
            ),
            Document(
                "教育部留学认证中心《国外学历学位认证书》",
                "姓名、学校、认证书编号和印章清晰可辨，各页齐全",
                when=lambda p: p.overseas_education,
            ),
        ),
    ),
    Category(
        "degree",
        "3",
        "学位证书",
        required=lambda p: _with_degree(p) and p.full_time,
        optional=lambda p: _with_degree(p) and not p.full_time,
        owed=lambda p: p.graduating_postgraduate,
        due="新取得的学位证书，请在取得后补交，最迟 {year} 年 8 月 31 日 24:00。",
        reasons=(
            Reason("因为您是全日制本科及以上学历", lambda p: p.full_time),
            Reason("因为您是本科及以上学历；非全日制的，没有学位证书可以不交", lambda p: not p.full_time),
            GRADUATING,
        ),
        documents=(
            Document(
                "学位证书",
                "姓名、学位、授予单位、证书编号和印章清晰可辨",
                when=lambda p: not p.graduating_postgraduate,
            ),
            Document(
                "学士学位证书（已取得的学位）",
                "姓名、学位、授予单位、证书编号和印章清晰可辨",
                when=lambda p: p.graduating_postgraduate,
            ),
        ),
    ),
    Category(
        "education_proof",
        "4",
        "其他学历证明材料",
        required=lambda p: p.graduating_postgraduate,
        optional=lambda p: not p.graduating_postgraduate,
        reasons=(GRADUATING, Reason("如有其他学历佐证材料，可以上传", lambda p: not p.graduating_postgraduate)),
        documents=(
            Document("本人入学登记表", "姓名、学校、专业和印章清晰可辨", when=lambda p: p.graduating_postgraduate),
            Document(
                "院校研究生院“临床研究生资格”证明", "姓名和印章清晰可辨", when=lambda p: p.graduating_postgraduate
            ),
            Document(
                "导师所在医疗机构出具的证明（导师签字确认）",
                "姓名、导师签字和印章清晰可辨",
                when=lambda p: p.graduating_postgraduate,
            ),
            Document(
                OTHER_PROOFS,
                f"{WHAT_THERE_IS}；备案表的姓名、学校、证书编号和在线验证码清晰可辨",
                when=lambda p: not p.graduating_postgraduate and p.has_online_record,
            ),
            Document(
                OTHER_PROOFS,
                WHAT_THERE_IS,
                when=lambda p: not p.graduating_postgraduate and not p.has_online_record,
            ),
        ),
    ),
    Category(
        "probation",
        "5",
        "医师资格考试试用期考核证明",
        required=lambda p: _trial_period(p) and (not p.fresh_graduate or _from_abroad(p)),
        optional=lambda p: _fresh(p) and not _from_abroad(p),
        owed=_fresh,
        due="试用期满一年的《医师资格考试试用期考核证明》，请在取得后补交，最迟 {year} 年 8 月 31 日 24:00。",
        forms=("probation-certificate",),
        reasons=(
            Reason("因为您须经试用期考核后报考", lambda p: not p.fresh_graduate),
            Reason("因为您是应届医学专业毕业生，试用期满后补交", lambda p: p.fresh_graduate),
            HONGKONG_MACAO_TAIWAN,
            FOREIGN,
        ),
        documents=(
            Document(
                "《医师资格考试试用期考核证明》",
                "试用机构、起止时间、考核意见、签字和公章清晰可辨",
                when=lambda p: not _fresh(p),
                per_institution=True,
            ),
            Document(
                "《医师资格考试试用期考核证明》",
                "试用机构、起止时间、考核意见、签字和公章清晰可辨；取得后再上传",
                when=_fresh,
                not_yet=_fresh,
                per_institution=True,
            ),
            Document(
                "《台湾、香港、澳门居民参加国家医师资格考试实习申请审核表》",
                "姓名、实习机构、审核意见和公章清晰可辨",
                when=_from_hongkong_macao_taiwan,
            ),
            Document(
                "《外籍人员参加中国医师资格考试实习申请审核表》",
                "姓名、实习机构、审核意见和公章清晰可辨",
                when=_foreign,
            ),
        ),
    ),
    Category(
        "institution_licence",
        "6",
        "医疗机构执业许可证",
        required=lambda p: p.employer_is_medical_institution,
        optional=lambda p: not p.employer_is_medical_institution,
        reasons=(
            Reason("因为您的工作单位是医疗机构", lambda p: p.employer_is_medical_institution),
            Reason("您的工作单位不是医疗机构，可以不交", lambda p: not p.employer_is_medical_institution),
        ),
        documents=(
            Document(
                "《医疗机构执业许可证》副本复印件（加盖医疗机构公章）",
                "机构名称、登记号、法定代表人、有效期限和公章清晰可辨",
            ),
        ),
    ),
    Category(
        "assistant_licence",
        "8",
        "执业助理医师证书及执业期考核证明",
        required=lambda p: p.holds_assistant_licence,
        reasons=(LICENSED, CHANGED, MILITARY),
        forms=("practice-certificate",),
        documents=(
            Document("执业助理《医师资格证书》", "姓名、证书编码、签发日期和印章清晰可辨"),
            Document("《医师执业证书》", "姓名、证书编码、执业机构、注册日期和印章清晰可辨；有变更记录的各页齐全"),
            Document(
                "《执业助理医师报考执业医师执业期考核证明》",
                "工作机构、起止时间、考核意见、签字和公章清晰可辨",
                per_institution=True,
            ),
            Document("首次执业注册证明", "姓名、首次注册日期和印章清晰可辨", when=lambda p: p.registration_changed),
            Document("团级以上卫生部门的审核证明", "姓名、审核意见和印章清晰可辨", when=lambda p: p.serving_military),
        ),
    ),
    Category(
        "fresh_commitment",
        "9",
        "应届医学专业毕业生医师资格考试报考承诺书",
        required=lambda p: p.fresh_graduate,
        reasons=(FRESH,),
        forms=("fresh-graduate-commitment",),
        documents=(
            Document(
                "《应届医学专业毕业生医师资格考试报考承诺书》",
                "填写完整，本人签字和日期清晰可辨",
            ),
        ),
    ),
    Category(
        "supplementary_form",
        "10",
        "{year}年度医师资格考试短线医学专业加试申请表",
        required=lambda p: p.supplementary_test != "none",
        forms=("supplementary-test",),
        reasons=(
            Reason("因为您申请参加院前急救加试", lambda p: p.supplementary_test == "prehospital"),
            Reason("因为您申请参加儿科加试", lambda p: p.supplementary_test == "paediatrics"),
        ),
        documents=(
            Document(
                "《{year}年度医师资格考试短线医学专业加试申请表》原件（加盖试用机构公章）",
                "加试内容、本人签字、单位审核意见和公章清晰可辨",
                when=_trial_period,
            ),
            Document(
                "《{year}年度医师资格考试短线医学专业加试申请表》原件（加盖工作单位公章）",
                "加试内容、本人签字、单位审核意见和公章清晰可辨",
                when=lambda p: p.holds_assistant_licence,
            ),
        ),
    ),
    Category(
        "military",
        "11",
        "军队考生证明材料",
        required=lambda p: p.serving_military,
        reasons=(MILITARY,),
        documents=(
            Document("军队相关身份证明", "姓名、证件号码、有效期限清晰可辨"),
            Document("团级以上政治部门审核同意报考的证明", "姓名、审核意见和印章清晰可辨"),
        ),
    ),
    Category(
        "other",
        "12",
        "考点规定的其他材料",
        optional=always,
        reasons=(Reason("考点另有规定的，按考点的要求提交"),),
        documents=(Document("考点规定的其他材料", "按考点的要求"),),
    ),
)
BY_CODE = {category.code: category for category in CATEGORIES}

_DIPLOMA_FIELDS = ("education", "school", "major", "full_time", "graduated_on", "diploma_number")

# Which fields of the application form the pictures of a category prove: read beside the picture on the case page, and
# by a return, where a changed field unlocks the categories that prove it. Who somebody is, is proved by the identity
# document alone, though every certificate repeats it.
PROVES: dict[str, tuple[str, ...]] = {
    "identity": (
        "name",
        "sex",
        "birth_date",
        "ethnicity",
        "document_type",
        "document_number",
        "valid_until",
        "residency",
    ),
    "diploma": ("route", *_DIPLOMA_FIELDS, "overseas_education"),
    "degree": ("academic_degree", "degree_number"),
    "education_proof": (*_DIPLOMA_FIELDS, "graduating_postgraduate"),
    "probation": (
        "trial_name",
        "trial_address",
        "trial_postcode",
        "trial_registration_number",
        "trial_legal_representative",
        "period_from",
        "period_to",
        "further_institutions",
    ),
    "institution_licence": (
        "employer_is_medical_institution",
        "employer_name",
        "employer_address",
        "employer_registration_number",
        "employer_legal_representative",
    ),
    "assistant_licence": (
        "holds_assistant_licence",
        "licence_number",
        "licence_date",
        "practice_number",
        "first_registered_on",
        "registration_changed",
        "employer_name",
        "period_from",
        "period_to",
        "further_institutions",
    ),
    "fresh_commitment": ("fresh_graduate", "graduated_on", "school", "major", "trial_name"),
    "supplementary_form": ("supplementary_test", "employer_name", "post"),
    "military": ("serving_military",),
    "other": (),
}
