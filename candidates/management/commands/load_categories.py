from candidates.management.commands._loading import LoadCommand
from candidates.reference.loading import load_categories


class Command(LoadCommand):
    help = (
        "从 CSV 载入报考类别，可以重复运行；文件中没有的类别将停用。"
        "列：code（3 位）、level（physician 或 assistant）、name、"
        "route（degree、apprentice、expertise，多个以 | 分隔）。"
    )
    load = load_categories
