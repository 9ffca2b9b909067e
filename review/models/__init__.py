from review.models.export_run import ExportRun
from review.models.owed import OwedReceipt
from review.models.payment import PROVIDERS, Fee, Payment, PaymentOrder
from review.models.reading import DraftVerdicts, Hold
from review.models.reason import Reason
from review.models.reviewer import Reviewer
from review.models.saved_list import SavedList
from review.models.verdict import VERDICTS, OnsiteTick, Verdict

__all__ = [
    "PROVIDERS",
    "VERDICTS",
    "DraftVerdicts",
    "ExportRun",
    "Fee",
    "Hold",
    "OnsiteTick",
    "OwedReceipt",
    "Payment",
    "PaymentOrder",
    "Reason",
    "Reviewer",
    "SavedList",
    "Verdict",
]
