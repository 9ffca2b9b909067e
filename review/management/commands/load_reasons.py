from candidates.management.commands._loading import LoadCommand
from review.cases.reasons import load_reasons


class Command(LoadCommand):
    help = (
        "从 CSV 载入审核的标准原因，可以重复运行；文件中没有的将停用，已经给出的审核意见不变。"
        "列：code（小写字母和下划线）、label（名称）、sentence（考生看到的说明，写明怎么做）、position（快捷数字键）；"
        "可选 active（1 或 0）。"
    )
    load = load_reasons
