from candidates.management.commands._loading import LoadCommand
from review.cases.reasons import load_reasons


class Command(LoadCommand):
    help = (
        "从表格载入审核的标准原因，可以重复运行；文件中没有的将停用，已经给出的审核意见不变。"
        "列：code（小写字母和下划线）、label（名称）、sentence（考生看到的说明，写明怎么做）、position（快捷数字键）；"
        "可选 active（1 或 0）。"
    )
    can_end = "标准原因将停用（只在表中写到的用途和单位内）"
    load = load_reasons
