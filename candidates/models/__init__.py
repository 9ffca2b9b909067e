from candidates.models.account import Account
from candidates.models.announcement import Announcement
from candidates.models.application import Application, NoticeVersion, NumberCounter
from candidates.models.audit import OperatorAct
from candidates.models.check_run import CheckRun
from candidates.models.consent import Consent
from candidates.models.counts import HandledCount, PointCount
from candidates.models.form_draft import FormDraft
from candidates.models.institution import MedicalInstitution
from candidates.models.job import Job
from candidates.models.kind_rule import KindRule
from candidates.models.login import LoginSession, LoginTries
from candidates.models.look import Look, PictureLook
from candidates.models.message import Delivery, Message, SmsCount
from candidates.models.mobile_change import MobileChange
from candidates.models.one_time_code import OneTimeCode
from candidates.models.record import Record, RecordNote
from candidates.models.second_factor import Passkey, RecoveryCode, SecondFactor
from candidates.models.session import ExamCategory, ExamSession
from candidates.models.unit import Unit

__all__ = [
    "Account",
    "Announcement",
    "Application",
    "CheckRun",
    "Consent",
    "Delivery",
    "ExamCategory",
    "ExamSession",
    "FormDraft",
    "HandledCount",
    "Job",
    "KindRule",
    "LoginSession",
    "LoginTries",
    "Look",
    "MedicalInstitution",
    "Message",
    "MobileChange",
    "NoticeVersion",
    "NumberCounter",
    "OneTimeCode",
    "OperatorAct",
    "Passkey",
    "PictureLook",
    "PointCount",
    "Record",
    "RecordNote",
    "RecoveryCode",
    "SecondFactor",
    "SmsCount",
    "Unit",
]
