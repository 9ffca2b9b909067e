from candidates.management.commands._loading import LoadCommand
from candidates.reference.loading import load_units


class Command(LoadCommand):
    help = (
        "从表格载入考区、考点、报名点，可以重复运行。列：code（2 位考区、4 位考点、7 位报名点）、name；"
        "可选 address、telephone、hours、onsite_list_required（1 或 0，只用于考区）、active（1 或 0）。"
    )
    can_end = "考区、考点、报名点将停用"
    load = load_units
