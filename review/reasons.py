"""The standard reasons for 不合格, as shipped; operators change them in the back office (workflow.md)."""

from review.models import Reason

# code, name, the sentence that the candidate reads with what to do
STANDARD = (
    ("unclear", "不清晰", "图片不清晰，文字或印章无法辨认。请重新拍摄或扫描后上传。"),
    ("incomplete", "缺页", "材料缺页或四角不全。请补齐全部页面后上传。"),
    ("unsealed", "未加盖公章", "材料没有加盖公章。请加盖出具单位的公章后重新上传。"),
    ("different", "与填报信息不一致", "材料与您填报的信息不一致。请更正填报信息，或上传正确的材料。"),
    ("expired", "已过有效期", "材料已过有效期。请上传在有效期内的材料。"),
    ("turned", "方向不正", "图片方向不正。请转正后重新上传。"),
    ("misplaced", "放错类别", "这张图片不属于本类材料。请删除，并上传到正确的类别。"),
    ("not_original", "非原件", "图片不是原件的彩色扫描件。请用原件扫描或拍摄后上传。"),
    ("other", "其他", "材料不符合要求，请按审核意见修改后重新上传。"),
)


def add_missing() -> None:
    """Adds the standard reasons that are not there; what an operator has changed stays."""
    for position, (code, label, sentence) in enumerate(STANDARD, start=1):
        values = {"label": label, "sentence": sentence, "position": position}
        Reason.objects.get_or_create(code=code, defaults=values)
