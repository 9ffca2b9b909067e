from .account import Account
from .announcement import Announcement
from .application import Application, NoticeVersion, NumberCounter
from .audit import OperatorAct
from .code import OneTimeCode
from .counts import HandledCount, PointCount
from .job import Job
from .login import LoginSession, LoginTries
from .record import Message, Record, RecordNote
from .second_factor import RecoveryCode, SecondFactor
from .session import ExamCategory, ExamSession
from .unit import Unit

__all__ = [
    "Account",
    "Announcement",
    "Application",
    "ExamCategory",
    "ExamSession",
    "HandledCount",
    "Job",
    "LoginSession",
    "LoginTries",
    "Message",
    "NoticeVersion",
    "NumberCounter",
    "OneTimeCode",
    "OperatorAct",
    "PointCount",
    "Record",
    "RecordNote",
    "RecoveryCode",
    "SecondFactor",
    "Unit",
]
