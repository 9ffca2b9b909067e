"""The states of an application, and every named set of them.

Imports nothing but the levels of units: models, rules and templates speak of these. What may follow what:
workflow.TRANSITIONS.
"""

from django.db.models import TextChoices

from candidates.rules.levels import FIRST, LEVELS


class Status(TextChoices):
    DRAFT = "draft", "填报中"
    REGISTERED = "registered", "报名成功，待上传材料"
    POINT_REVIEW = "point_review", "待报名点审核"
    SITE_REVIEW = "site_review", "待考点审核"
    REGION_REVIEW = "region_review", "待考区审核"
    RETURNED = "returned", "退回补正"
    PAYMENT_DUE = "payment_due", "待缴费"
    PAID = "paid", "报名完成"
    REJECTED = "rejected", "审核不通过"
    CANCELLED = "cancelled", "资格已取消"
    WITHDRAWN = "withdrawn", "已撤销"


STATUSES: dict[str, str] = dict(Status.choices)  # status -> what people read

# which level's turn it is
WAITING_AT = {level: Status(f"{level}_review") for level in LEVELS}
LEVEL_OF_STATUS = {str(status): level for level, status in WAITING_AT.items()}
REVIEW = tuple(WAITING_AT.values())

# the candidate has not handed in anything yet
NOT_SUBMITTED = (Status.DRAFT, Status.REGISTERED)
# the candidate may fill in the form, within its windows and as far as a return names it
OPEN_FOR_THE_FORM = (Status.DRAFT, Status.REGISTERED, Status.RETURNED)
# the candidate may put pictures in and take them out
OPEN_FOR_PICTURES = (Status.REGISTERED, Status.RETURNED)
# the candidate still has to go to the registration point, or has the way there ahead again
BEFORE_THE_POINT = (Status.REGISTERED, WAITING_AT[FIRST], Status.RETURNED)

# final for its session, unless it is reopened or reinstated
ENDED = (Status.WITHDRAWN, Status.REJECTED, Status.CANCELLED)
# ended by an office, which gave its reason
ENDED_BY_AN_OFFICE = (Status.REJECTED, Status.CANCELLED)
# what the return unlocked stays on the row: a rejected one may be reopened to what it was
KEEPS_ITS_RETURN = (Status.RETURNED, Status.REJECTED)
# no notice and no forms: there is no number yet, or the application is over
NO_DOCUMENTS = (Status.DRAFT, *ENDED)

# a promise to hand something in later may still be open
OWING = (*REVIEW, Status.RETURNED, Status.PAYMENT_DUE, Status.PAID)
# what reviewers' lists are filtered by, in the order of the work
LISTED = (
    *REVIEW,
    Status.RETURNED,
    Status.PAYMENT_DUE,
    Status.PAID,
    Status.REJECTED,
    Status.CANCELLED,
    Status.WITHDRAWN,
)
# counted on reviewers' start page: some were withdrawn before any submission
COUNTED = tuple(status for status in LISTED if status != Status.WITHDRAWN)
# columns of the progress page and its spreadsheet
IN_PROGRESS_TABLE = tuple(status for status in Status if status not in (Status.DRAFT, Status.WITHDRAWN))
