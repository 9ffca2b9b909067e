from candidates.management.commands._loading import LoadCommand
from candidates.reference.loading import load_categories


class Command(LoadCommand):
    help = (
        "从表格载入报考类别，可以重复运行；表格中没有的类别保持原样，加 --complete 才停用。"
        "列：code（3 位）、level（physician 或 assistant）、name、"
        "route（degree、apprentice、expertise，多个以 | 分隔）。"
    )
    can_end = "类别将停用"
    load = load_categories
