from candidates.management.commands._loading import LoadCommand
from candidates.reference.loading import load_sessions


class Command(LoadCommand):
    help = (
        "从表格开设考试年度或更改其时间，可以重复运行。列：year、registration_opens、registration_closes、"
        "upload_opens、upload_closes、review_opens、review_closes、payment_opens、payment_closes；"
        "可选 correction_days（退回补正的天数）、state（新年度可以先写 draft 草稿，缺省是 open 开放）。"
        "会立即开始或结束的时段先列出，加 --yes 才写入。"
        "时间为北京时间，写成 2027-01-10 09:00:00；24:00 表示当日结束。"
    )
    load = load_sessions
