"""How each document of a specimen looks: one function each, drawing on a sheet what such a document shows.

Places, bodies and people are called 示例 or 某某; which of them belong to which category: materials/specimens/draw.py.
"""

from collections.abc import Mapping

from materials.specimens.sheet import BLUE, FAINT, GOLD, RED, Cell, Colour, Sheet

Fields = Mapping[str, str]  # specimens.PERSON, what the caller gave, and `serial`: six digits made from the seed

PROOF = "\n　　特此证明。"


def identity_front(sheet: Sheet, person: Fields) -> None:
    _card(sheet, (214, 230, 240))
    for y, label, value in (
        (270, "姓名", person["name"]),
        (370, "性别", f"{person['sex']}      民族  {person['nationality']}"),
        (470, "出生", person["birth"]),
        (570, "住址", person["address"]),
    ):
        sheet.text(230, y, label, 36, BLUE)
        sheet.paragraph((340, y - 4, 960, y + 100), value, 42)
    sheet.text(230, 790, "公民身份号码", 36, BLUE)
    sheet.text(500, 782, person["number"], 50)
    sheet.portrait((1040, 270, 1360, 690))


def identity_back(sheet: Sheet, person: Fields, title: str = "居民身份证") -> None:
    _card(sheet, (240, 226, 222))
    sheet.pen.ellipse((240, 250, 460, 470), outline=RED, width=8)
    sheet.text(350, 360, "徽", 96, RED, "mm")
    sheet.text(930, 290, "中华人民共和国", 62, anchor="ma")
    sheet.text(930, 400, title, 88, anchor="ma")
    sheet.text(420, 690, "签发机关", 38, BLUE)
    sheet.text(640, 686, "示例市公安局示例分局", 42)
    sheet.text(420, 790, "有效期限", 38, BLUE)
    sheet.text(640, 786, "2020.01.01-2040.01.01", 42)


def residence_permit_back(sheet: Sheet, person: Fields) -> None:
    identity_back(sheet, person, "港澳台居民居住证")


def passport(sheet: Sheet, person: Fields) -> None:
    _card(sheet, (232, 226, 240))
    sheet.text(230, 220, "护照  PASSPORT", 56, BLUE)
    sheet.portrait((230, 330, 550, 750))
    for y, label, value in (
        (330, "姓名 Name", person["name"]),
        (430, "性别 Sex", person["sex"]),
        (530, "出生日期 Date of birth", person["birth"]),
        (630, "护照号 Passport No.", person["passport"]),
        (730, "有效期至 Date of expiry", "2040-01-01"),
    ):
        sheet.text(620, y, label, 32, BLUE)
        sheet.text(1050, y - 4, value, 42)
    sheet.text(230, 850, f"P<UTOEXAMPLE<<SPECIMEN<<<<<<<<<<{person['passport']}<0", 36)


def _card(sheet: Sheet, colour: Colour) -> None:
    sheet.pen.rounded_rectangle((150, 150, 1450, 950), radius=48, fill=colour, outline=FAINT, width=3)
    sheet.guilloche((190, 190, 1410, 910), (178, 198, 208))


def _certificate(
    sheet: Sheet, title: str, body: str, issuer: str, number: str, colour: Colour, issued: str = "2020年9月1日"
) -> None:
    sheet.border(colour)
    sheet.guilloche((120, 330, 1480, 800), (222, 208, 180))
    sheet.title(140, title, 84, RED)
    sheet.portrait((150, 330, 400, 680))
    sheet.seal(400, 680, issuer, 90)
    sheet.paragraph((470, 330, 1430, 760), body, 42, 1.75)
    sheet.text(150, 850, f"证书编号：{number}", 34)
    sheet.text(1180, 810, issuer, 42, anchor="ma")
    sheet.text(1180, 885, issued, 36, anchor="ma")
    sheet.seal(1180, 850, issuer, 120)


def diploma(sheet: Sheet, person: Fields) -> None:
    body = (
        f"　　学生 {person['name']}，性别{person['sex']}，{person['birth']}生，在本校{person['major']}专业修完"
        f"{person['education']}教学计划规定的全部课程，成绩合格，准予毕业。"
    )
    _certificate(
        sheet, "普通高等学校毕业证书", body, person["school"], person["diploma_number"], GOLD, person["graduated"]
    )


def apprentice(sheet: Sheet, person: Fields) -> None:
    body = f"　　{person['name']}，性别{person['sex']}，跟师学习传统医学满三年，经出师考核合格，特发此证。"
    _certificate(sheet, "传统医学师承出师证书", body, "示例省中医药管理局", f"SC{person['serial']}", RED)


def expertise(sheet: Sheet, person: Fields) -> None:
    body = f"　　{person['name']}，性别{person['sex']}，经传统医学医术确有专长考核合格，特发此证。"
    _certificate(sheet, "传统医学医术确有专长证书", body, "示例省中医药管理局", f"ZC{person['serial']}", RED)


def overseas(sheet: Sheet, person: Fields) -> None:
    body = (
        f"　　经认证，{person['name']}在示例国示例大学{person['major']}专业学习，获得{person['education']}学历、学位。"
    )
    _certificate(sheet, "国外学历学位认证书", body, "示例留学服务中心", f"RZ{person['serial']}", BLUE)


def degree(sheet: Sheet, person: Fields) -> None:
    body = (
        f"　　{person['name']}，性别{person['sex']}，{person['birth']}生，在本校完成{person['major']}专业学习计划，"
        "业已毕业，经审核符合学位授予条件，授予学位。"
    )
    _certificate(sheet, "学位证书", body, person["school"], person["degree_number"], BLUE, person["graduated"])


def assistant_qualification(sheet: Sheet, person: Fields) -> None:
    body = f"　　{person['name']}，性别{person['sex']}，经考核合格，具有执业助理医师资格。类别：临床。"
    _certificate(sheet, "医师资格证书", body, "示例省卫生健康委员会", person["licence_number"], RED)


def assistant_practice(sheet: Sheet, person: Fields) -> None:
    body = (
        f"　　{person['name']}，性别{person['sex']}，级别：执业助理医师，类别：临床，执业范围：内科专业，"
        f"执业地点：{person['employer']}。"
    )
    _certificate(sheet, "医师执业证书", body, "示例市卫生健康局", person["practice_number"], BLUE)


def institution_licence(sheet: Sheet, person: Fields) -> None:
    sheet.border(FAINT)
    sheet.title(140, "医疗机构执业许可证", 76)
    sheet.text(800, 250, "（副  本）", 44, anchor="ma")
    rows: list[tuple[int, list[Cell]]] = [
        (84, [(2, "机构名称"), (6, person["employer"])]),
        (84, [(2, "地    址"), (6, person["employer_address"])]),
        (84, [(2, "登 记 号"), (3, person["registration_number"]), (1, "法人"), (2, "示例")]),
        (84, [(2, "诊疗科目"), (6, "内科 / 外科 / 儿科 / 急诊医学科 / 医学检验科")]),
        (84, [(2, "有效期限"), (6, "自 2020年01月01日 至 2034年12月31日")]),
    ]
    sheet.table(190, 340, 1220, rows, 34)
    sheet.text(190, 850, "复印件与原件一致", 40)
    sheet.text(1180, 900, person["employer"], 40, anchor="ma")
    sheet.seal(1180, 860, person["employer"], 130)


def _period_form(sheet: Sheet, person: Fields, title: str, institution: str, opinion: str) -> None:
    sheet.title(90, title, 52)
    sheet.text(110, 190, f"报名编号：示例{person['serial']}", 28)
    posts: list[tuple[int, list[Cell]]] = [
        (64, [(3, f"{post}"), (1, "√"), (1, ""), (3, f"9999990000{person['serial']}"), (2, "示例")])
        for post in ("内科", "外科", "儿科", "急诊科", "妇产科")
    ]
    bottom = sheet.table(
        100,
        240,
        1000,
        [
            (
                64,
                [
                    (2, "姓  名"),
                    (2, person["name"]),
                    (1, "性别"),
                    (1, person["sex"]),
                    (2, "出生年月"),
                    (2, person["birth"]),
                ],
            ),
            (64, [(2, "民  族"), (2, person["nationality"]), (2, "所学专业"), (4, person["major"])]),
            (64, [(2, "医学学历"), (2, person["education"]), (2, "身份证件号码"), (4, person["number"])]),
            (64, [(2, "报考类别"), (8, person["category"])]),
            (64, [(2, f"{institution}名称"), (8, person["employer"])]),
            (64, [(2, "地  址"), (5, person["employer_address"]), (1, "邮编"), (2, "999999")]),
            (64, [(2, "起止时间"), (8, person["period"])]),
            (76, [(3, "岗位（科室）名称"), (1, "合格"), (1, "不合格"), (3, "医师执业证书号码"), (2, "带教老师签字")]),
            *posts,
        ],
        25,
    )
    bottom = sheet.table(100, bottom, 1000, [(200, [(2, opinion), (8, "合格（ √ ）    不合格（    ）")])], 27)
    sheet.text(620, bottom - 60, "单位公章    20××年9月30日", 26)
    sheet.seal(820, bottom - 100, person["employer"], 105)
    bottom = sheet.table(100, bottom, 1000, [(190, [(2, "报名点\n审核意见"), (8, "")])], 27)
    sheet.text(620, bottom - 60, "报名点公章    经手人签字：", 26)


def probation(sheet: Sheet, person: Fields) -> None:
    _period_form(sheet, person, "医师资格考试试用期考核证明", "试用机构", "试用机构\n考核意见")


def practice_certificate(sheet: Sheet, person: Fields) -> None:
    _period_form(sheet, person, "执业助理医师报考执业医师执业期考核证明", "工作机构", "工作机构\n考核意见")


def _application_form(sheet: Sheet, person: Fields, title: str, lines: list[tuple[str, str]], issuer: str) -> None:
    sheet.title(110, title, 50)
    sheet.text(110, 230, f"编号：示例{person['serial']}", 28)
    sheet.portrait((890, 280, 1098, 540))
    head: list[tuple[int, list[Cell]]] = [(65, [(2, label), (5, value)]) for label, value in lines[:4]]
    sheet.table(100, 280, 790, head, 27)
    rows: list[tuple[int, list[Cell]]] = [(96, [(2, label), (7, value)]) for label, value in lines[4:]]
    bottom = sheet.table(100, 540, 1000, rows, 28)
    bottom = sheet.table(100, bottom, 1000, [(330, [(2, "审核意见"), (7, "情况属实，同意。")])], 28)
    sheet.text(800, bottom - 110, issuer, 30, anchor="ma")
    sheet.text(800, bottom - 60, "20××年3月1日", 28, anchor="ma")
    sheet.seal(800, bottom - 110, issuer, 115)


def education_filing(sheet: Sheet, person: Fields) -> None:
    lines = [
        ("姓  名", person["name"]),
        ("性  别", person["sex"]),
        ("出生日期", person["birth"]),
        ("证件号码", person["number"]),
        ("学校名称", person["school"]),
        ("专  业", person["major"]),
        ("学历层次", person["education"]),
        ("学习形式", "全日制"),
        ("证书编号", person["diploma_number"]),
        ("在线验证码", f"示例 {person['serial']} 9999 9999"),
    ]
    _application_form(sheet, person, "教育部学历证书电子注册备案表", lines, "示例学历认证中心")


def enrolment(sheet: Sheet, person: Fields) -> None:
    lines = [
        ("姓  名", person["name"]),
        ("性  别", person["sex"]),
        ("出生日期", person["birth"]),
        ("民  族", person["nationality"]),
        ("入学学院", person["school"]),
        ("录取专业", person["major"]),
        ("入学年月", "20××年9月"),
        ("本科院校", "示例医学院"),
        ("家庭住址", person["address"]),
    ]
    _application_form(sheet, person, "研究生入学登记表", lines, person["school"])


def _internship(sheet: Sheet, person: Fields, title: str) -> None:
    lines = [
        ("姓  名", person["name"]),
        ("性  别", person["sex"]),
        ("出生日期", person["birth"]),
        ("所学专业", person["major"]),
        ("毕业院校", person["school"]),
        ("接收实习机构", person["employer"]),
        ("实习起止时间", "20××年9月至20××年9月"),
        ("申请报考类别", person["category"]),
    ]
    _application_form(sheet, person, title, lines, "示例省卫生健康委员会")


def internship(sheet: Sheet, person: Fields) -> None:
    _internship(sheet, person, "台湾、香港、澳门居民参加国家医师资格考试实习申请审核表")


def internship_foreign(sheet: Sheet, person: Fields) -> None:
    _internship(sheet, person, "外籍人员参加中国医师资格考试实习申请审核表")


def supplementary_form(sheet: Sheet, person: Fields) -> None:
    sheet.title(100, f"{person['year']}年医师资格考试短线医学专业加试申请表", 50)
    sheet.text(110, 200, f"编号：示例{person['serial']}", 28)
    bottom = sheet.table(
        100,
        250,
        1000,
        [
            (80, [(2, "姓    名"), (3, person["name"]), (2, "身份证号"), (4, person["number"])]),
            (80, [(2, "工作单位"), (3, person["employer"]), (2, "工作岗位"), (4, "儿科医师")]),
            (80, [(2, "加试内容"), (9, "院前急救 □            儿科 √")]),
            (480, [(1, "")]),
            (420, [(1, ""), (1, ""), (1, "")]),
        ],
        28,
    )
    promises = (
        f"考生承诺\n1. 本人自愿申请参加{person['year']}年医师资格考试短线医学专业加试。\n"
        "2. 本人获得医师资格后，限定在加试内容所对应岗位工作。\n"
        "3. 通过加试获得的医师资格不作为加试专业范围之外的注册、执业资格依据。\n"
        "4. 以上个人申报信息真实、准确、有效。\n"
        "5. 本人能够遵守以上承诺，如有违反，愿意承担由此而造成的一切后果。"
    )
    sheet.paragraph((130, 515, 1070, 900), promises, 28, 1.7)
    sheet.text(700, 920, f"考生签字：{person['name']}", 28)
    for column, body in enumerate(("单位", "考点", "考区")):
        left = 120 + 333 * column
        sheet.text(left, bottom - 400, f"{body}审核：", 28)
        sheet.text(left, bottom - 110, f"{body}盖章：", 28)
        sheet.text(left, bottom - 60, "签字：", 28)
    sheet.seal(270, bottom - 220, person["employer"], 110)


def _letter(sheet: Sheet, person: Fields, title: str, body: str, signature: list[str], issuer: str = "") -> None:
    sheet.title(150, title, 52)
    sheet.text(130, 280, f"编号：示例{person['serial']}", 28)
    y = sheet.paragraph((130, 370, 1070, 1200), body, 36, 2.0) + 120
    for line in signature:
        sheet.text(600, y, line, 34)
        y += 72
    if issuer:
        sheet.seal(800, y - 100, issuer, 125)
    sheet.pen.line((130, 1490, 1070, 1490), fill=FAINT, width=2)
    sheet.text(600, 1510, "本图为示例，仅说明材料的样式", 26, FAINT, "ma")


def fresh_commitment(sheet: Sheet, person: Fields) -> None:
    body = (
        f"　　本人于{person['graduated']}毕业于{person['school']}学校{person['major']}专业。"
        f"自20××年8月起，在{person['employer']}单位试用，至20××年8月试用期将满一年。\n"
        "　　本人承诺将于今年8月31日前，将后续试用累计满一年的《医师资格考试试用期考核证明》及时交考点办公室。\n"
        "　　如违诺，本人愿承担由此引起的责任，并按规定接受取消当年医师资格考试资格的处罚。"
    )
    signature = [
        f"考生签字：{person['name']}",
        f"证件号码：{person['number']}",
        "手机号码：199********",
        "20××年2月1日",
    ]
    _letter(sheet, person, "应届医学专业毕业生医师资格考试报考承诺书", body, signature)


def clinical_postgraduate(sheet: Sheet, person: Fields) -> None:
    body = (
        f"　　兹证明{person['name']}，{person['sex']}，系我校{person['major']}专业当年毕业研究生，具有临床研究生资格。"
        + PROOF
    )
    _letter(
        sheet, person, "临床研究生资格证明", body, [f"{person['school']}研究生院", "20××年1月10日"], person["school"]
    )


def supervisor(sheet: Sheet, person: Fields) -> None:
    body = f"　　兹证明研究生{person['name']}在我院{person['major']}专业跟随导师从事临床工作，期间表现良好。" + PROOF
    signature = ["导师签字：示例", person["employer"], "20××年1月10日"]
    _letter(sheet, person, "导师所在医疗机构证明", body, signature, person["employer"])


def military_identity(sheet: Sheet, person: Fields) -> None:
    _card(sheet, (222, 232, 216))
    sheet.title(210, "军 人 身 份 证 件", 64, RED)
    sheet.portrait((230, 370, 520, 760))
    for y, label, value in (
        (380, "姓名", person["name"]),
        (480, "性别", person["sex"]),
        (580, "部别", "示例部队"),
        (680, "编号", f"示字第{person['serial']}号"),
    ):
        sheet.text(620, y, label, 38, BLUE)
        sheet.text(760, y - 4, value, 44)
    sheet.seal(1220, 720, "示例部队政治工作部", 120)


def military_approval(sheet: Sheet, person: Fields) -> None:
    body = (
        f"　　{person['name']}，{person['sex']}，系我部现役人员。经审核，同意其报考{person['year']}年医师资格考试。"
        + PROOF
    )
    _letter(sheet, person, "同意报考证明", body, ["示例部队政治工作部", "20××年1月10日"], "示例部队政治工作部")


def other(sheet: Sheet, person: Fields) -> None:
    body = f"　　兹证明{person['name']}，{person['sex']}，系我单位在职人员，所提交的报考材料真实、有效。" + PROOF
    _letter(sheet, person, "工作单位证明", body, [person["employer"], "20××年1月10日"], person["employer"])
