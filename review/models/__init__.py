from review.models.absence import Absence
from review.models.assignment import Assignment, AssignmentAct
from review.models.decided import WAYS, DecidedCount
from review.models.deputy import Deputy
from review.models.duplicate import LONGEST_REASON, DuplicateSettled
from review.models.export_run import ExportRun
from review.models.figures import COUNTED, MINUTES, PLACES, ReviewerDay, ReviewerFigures
from review.models.note import LONGEST_NOTE, Note
from review.models.office import MOST_SHARE, OfficeSetting
from review.models.owed import OwedReceipt
from review.models.payment import PROVIDERS, Fee, Payment, PaymentOrder
from review.models.question import LONGEST_WORDS, Question
from review.models.reading import DraftVerdicts, Hold
from review.models.reason import Reason
from review.models.refund import REFUND_STATES, Refund
from review.models.reviewer import Reviewer
from review.models.reviewer_act import ACCOUNT_ACTS, ReviewerAct
from review.models.saved_list import SavedList
from review.models.second_look import OUTCOMES, SecondLook
from review.models.term import Holiday, ReviewTerm
from review.models.verdict import VERDICTS, OnsiteTick, Verdict

__all__ = [
    "ACCOUNT_ACTS",
    "COUNTED",
    "LONGEST_NOTE",
    "LONGEST_REASON",
    "LONGEST_WORDS",
    "MINUTES",
    "MOST_SHARE",
    "OUTCOMES",
    "PLACES",
    "PROVIDERS",
    "REFUND_STATES",
    "VERDICTS",
    "WAYS",
    "Absence",
    "Assignment",
    "AssignmentAct",
    "DecidedCount",
    "Deputy",
    "DraftVerdicts",
    "DuplicateSettled",
    "ExportRun",
    "Fee",
    "Hold",
    "Holiday",
    "Note",
    "OfficeSetting",
    "OnsiteTick",
    "OwedReceipt",
    "Payment",
    "PaymentOrder",
    "Question",
    "Reason",
    "Refund",
    "ReviewTerm",
    "Reviewer",
    "ReviewerAct",
    "ReviewerDay",
    "ReviewerFigures",
    "SavedList",
    "SecondLook",
    "Verdict",
]
