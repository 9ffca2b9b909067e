"""Small words for the tests of review: who acts, and what a candidate does in between."""

from django.contrib.messages import get_messages

from candidates.applications.form import save_section
from candidates.applications.states import LEVEL_OF_STATUS
from candidates.applications.workflow import Actor
from candidates.models import Account, Application
from materials import submitting, uploads
from review.cases import decisions
from review.cases.verdicts import Judgement, Round, submitted_images
from tests import factories

REASON = "不清晰，请重新拍摄。"


def reviewer(application: Application, level: str = "") -> Account:
    """The reviewer of the unit that has the case, or of its unit at another level."""
    unit = application.unit_at(level or LEVEL_OF_STATUS[application.status])
    return Account.objects.filter(kind="reviewer", unit=unit).first() or factories.make_reviewer(unit)


def actor(application: Application, level: str = "") -> Actor:
    return Actor.of(reviewer(application, level))


def fresh(application: Application) -> Application:
    return Application.objects.select_related("account", "session").get(pk=application.pk)


def verdicts(application: Application, **bad: str) -> dict:
    """合格 for every picture of the set, but 不合格 for the categories named."""
    return {
        image.id: Judgement("not_ok", bad[image.category]) if image.category in bad else Judgement("ok")
        for image in submitted_images(application)
    }


def unjudged(application: Application) -> list:
    """The pictures of the set on which no verdict stands."""
    judged = Round.of(application)
    return [image for image in judged.images if image.id not in judged.standing]


def returned(application: Application, *, sections=None, categories=None, **bad: str) -> Application:
    """Sent back by the level that has it: these pictures 不合格, these categories and sections named."""
    done = decisions.return_for_correction(
        application.pk,
        actor=actor(application),
        seen=application.last_record_id,
        verdicts=verdicts(application, **bad),
        sections=sections,
        categories=categories,
    )
    return fresh(done)


def replace_picture(application: Application, category: str, specimen: str) -> None:
    """The candidate puts another picture where the judged one was."""
    old = application.images.filter(category=category, removed_at=None, is_answer=False).first()
    uploads.add_image(
        application.pk,
        category,
        factories.a_picture(specimen),
        actor=Actor.of(application.account),
        replaces=old.id,
    )


def save(application: Application, section: str, **values) -> Application:
    """The candidate saves a section again, with other values or the same."""
    saved = save_section(
        application.pk, section, values, actor=Actor.of(application.account), seen=application.last_record_id
    )
    return fresh(saved.application)


def submit(application: Application) -> Application:
    return fresh(submitting.submit(application.pk, actor=Actor.of(application.account), declared=True))


def corrected_diploma(application: Application) -> Application:
    """Returned for its diploma, which is replaced and submitted again."""
    application = returned(application, diploma=REASON)
    replace_picture(application, "diploma", "diploma-overseas")
    return submit(application)


# --- in the browser ---


def here(case, action=""):
    return f"/review/applications/{case.number}/{action + '/' if action else ''}"


def posted(case, verdict="ok", **more):
    judged = {f"image-{image.id}-verdict": verdict for image in submitted_images(case)}
    return {"seen": case.last_record_id, **judged, "listed": "yes", **more}


def log_in(client, account):
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]
