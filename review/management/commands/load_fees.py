from candidates.management.commands._loading import LoadCommand
from review.payments.fees import load_fees


class Command(LoadCommand):
    help = (
        "从表格载入收费标准，可以重复运行。列：year（四位年度）、region（2 位考区代码）、"
        "level（physician 或 assistant）、amount（金额，单位是元，如 260.00）。已生成的订单金额不变。"
    )
    load = load_fees
