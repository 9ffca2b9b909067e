"""What the demo's reviewers tell one another, ask and are given, and whom they find twice: after everybody's story."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from candidates.applications.workflow import Actor, begin, move
from candidates.models import Account, Application
from materials import duplicates
from review.cases import counting, decisions, facts
from review.cases.verdicts import Judgement, Round
from review.demo import load
from review.models import OfficeSetting
from review.office import assignments, notes, questions, samples

POINTS_NOTE = "考生来电：下周一到窗口核对两家机构的考核证明原件。"
SITES_NOTE = "请报名点核对原件时留意试用期起止时间。"
TO_ASK = "试用机构的电话打不通，请写明现在的联系电话。"
TO_ANSWER = "毕业证书编号更正过一次，请说明原因。"
BLURRED = "图片不清晰，看不清证件号码，请重新拍摄。"
ANSWER = "第一次抄错了一位数字，已按证书改正。"


def tell(people: Mapping[int, Application], reviewers: Mapping[int, Account], now: datetime) -> None:
    """`people` by their serial, `reviewers` by the key of their unit."""
    noted, asked, answered = (people[one] for one in (load.NOTED, load.ASKED, load.ANSWERED))
    point, site = (Actor.of(reviewers[unit.pk]) for unit in (noted.point, noted.site))

    notes.write(noted.pk, actor=point, words=POINTS_NOTE, now=now - timedelta(hours=4))
    notes.write(noted.pk, actor=site, words=SITES_NOTE, for_below=True, now=now - timedelta(hours=3))

    at = now - timedelta(hours=2)
    questions.ask(asked.pk, actor=point, seen=asked.last_record_id, words=TO_ASK, now=at)
    question = questions.ask(answered.pk, actor=point, seen=answered.last_record_id, words=TO_ANSWER, now=at)
    questions.answer(question.pk, actor=Actor.of(answered.account), words=ANSWER, now=now - timedelta(hours=1))

    head = Account.objects.select_related("unit").get(unit=noted.point, is_head=True)
    assignments.give(noted.point, [noted.pk], by=head, to=reviewers[noted.point_id], now=now - timedelta(hours=5))

    duplicates.mark(people[load.SHARE_A_DIPLOMA[0]].pk)
    _look_twice(people[load.DIFFERS], reviewers, now)


@transaction.atomic
def _look_twice(case: Application, reviewers: Mapping[int, Account], now: datetime) -> None:
    """Have this case drawn, whatever the key of this machine would draw, and judged differently by two."""
    OfficeSetting.objects.create(unit=case.site, share=load.SHARE)
    first = Actor.of(reviewers[case.site_id])
    application = begin(case.pk, "first_pass", first, seen=case.last_record_id)
    judged = Round.of(application)
    data = {"verdicts": judged.in_words, **facts.of(judged, None)}
    record = move(application, "first_pass", first, data=data, now=now - timedelta(minutes=50))
    samples.follow(application, None, record)
    counting.count(application, record)

    second = Actor.of(Account.objects.get(username=f"site-{load.LOOKS_TWICE}-2"))
    bad = {one.id: Judgement("not_ok", BLURRED) for one in judged.images if one.category == "identity"}
    at = now - timedelta(minutes=20)
    decisions.return_for_correction(case.pk, actor=second, seen=record.pk, verdicts=bad, now=at)
