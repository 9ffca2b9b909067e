from candidates.management.commands._loading import LoadCommand
from candidates.reference.loading import load_sessions


class Command(LoadCommand):
    help = (
        "从表格开设考试年度或更改其时间，可以重复运行。列：year、registration_opens、registration_closes、"
        "upload_opens、upload_closes、review_opens、review_closes、payment_opens、payment_closes；"
        "可选 correction_days（退回补正的天数）。"
        "时间为北京时间，写成 2027-01-10 09:00:00；24:00 表示当日结束。"
    )
    load = load_sessions
