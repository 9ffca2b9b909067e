from .account import Account
from .application import Application, NoticeVersion, NumberCounter
from .counts import HandledCount, PointCount
from .record import Message, Record, RecordNote
from .reset import PasswordReset
from .session import ExamCategory, ExamSession
from .unit import Unit

__all__ = [
    "Account",
    "Application",
    "ExamCategory",
    "ExamSession",
    "HandledCount",
    "Message",
    "NoticeVersion",
    "NumberCounter",
    "PasswordReset",
    "PointCount",
    "Record",
    "RecordNote",
    "Unit",
]
