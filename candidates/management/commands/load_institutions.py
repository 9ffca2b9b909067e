from candidates.management.commands._loading import LoadCommand
from candidates.reference.institutions import load_institutions


class Command(LoadCommand):
    help = (
        "从表格载入医疗机构名单，供考生填写报名表时查找，可以重复运行。列：registration_number"
        "（登记号）、name；可选 address、postcode、legal_representative、telephone、region（2 位考区代码）、"
        "active（1 或 0）。文件中没有的机构保持原样。"
    )
    can_end = "机构将停用（只在表中写到的考区内；没有 region 列时是全部）"
    load = load_institutions
