from review.models.decided import WAYS, DecidedCount
from review.models.export_run import ExportRun
from review.models.owed import OwedReceipt
from review.models.payment import PROVIDERS, Fee, Payment, PaymentOrder
from review.models.reading import DraftVerdicts, Hold
from review.models.reason import Reason
from review.models.refund import REFUND_STATES, Refund
from review.models.reviewer import Reviewer
from review.models.saved_list import SavedList
from review.models.verdict import VERDICTS, OnsiteTick, Verdict

__all__ = [
    "PROVIDERS",
    "REFUND_STATES",
    "VERDICTS",
    "WAYS",
    "DecidedCount",
    "DraftVerdicts",
    "ExportRun",
    "Fee",
    "Hold",
    "OnsiteTick",
    "OwedReceipt",
    "Payment",
    "PaymentOrder",
    "Reason",
    "Refund",
    "Reviewer",
    "SavedList",
    "Verdict",
]
