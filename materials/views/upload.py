import uuid
from dataclasses import dataclass
from time import monotonic

from django.conf import settings
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from candidates.applications.access import candidates_only, get_my_application_with
from candidates.rules.refusals import PictureRefused
from candidates.views.answers import actor_of
from materials import uploads
from materials.desk import READ, RELATED, Desk
from materials.pictures.measures import UPLOADS
from materials.pictures.words import warning_sentences
from materials.rules.catalogue import BY_CODE
from materials.turns import upload_turn
from materials.views.cards import card_tag
from materials.views.images import page_of, thumbnail_address

PATIENCE = 20  # seconds that one request may take up with its pictures
FOUND_LATE = ("corrupt", "too_large")  # found only by unpacking: the same bytes are not unpacked again


@dataclass(frozen=True)
class FileError:
    """One line of the answer; `file` is the name as sent, None where the whole request is meant."""

    file: str | None
    code: str
    message: str
    again: int = 0  # seconds, where one may come again

    @classmethod
    def of(cls, file, refusal):
        return cls(file, refusal.code, refusal.sentence, getattr(refusal, "seconds", 0))

    def as_json(self):
        return {"file": self.file, "code": self.code, "message": self.message}


@candidates_only
@require_POST
def upload(request, category):
    if category not in BY_CODE:
        raise Http404
    application = get_my_application_with(request, RELATED, READ)
    stored, errors = _receive(request, application, category)

    if "application/json" in request.headers.get("Accept", ""):
        return _as_json(request, stored, errors)
    _tell(request, category, stored, errors)
    return redirect(f"{page_of(request)}#{category}")


def _receive(request, application, category):
    """Store what can be stored, file by file; return the stored pictures and the errors."""
    files = request.FILES.getlist("images")
    try:
        refusal = Desk.of(application).refusal_to_add(category)
        if refusal:
            raise refusal
        if not files:
            raise PictureRefused("empty", "没有收到图片：请先选取文件，再点击“提交”。")

        replaces = _replaced(request)
        with upload_turn(request.user.pk) as turn:
            actor = actor_of(request)
            return _store(application, category, files, replaces=replaces, actor=actor, admit=turn.admit)
    except PictureRefused as refusal:
        UPLOADS.labels("refused", refusal.code).inc()
        return [], [FileError.of(None, refusal)]


def _store(application, category, files, *, replaces, actor, admit):
    stored, errors, refused = [], [], {}
    end = monotonic() + PATIENCE

    for number, file in enumerate(files):
        try:
            if monotonic() > end:
                raise PictureRefused("storage_unavailable", "这次上传的图片太多，这张没有处理。请再上传一次。")
            image = _take(application, category, file, refused, replaces=replaces, actor=actor, admit=admit)
            stored.append(image)
            UPLOADS.labels("stored", "").inc()
            replaces = None  # the first that is stored takes the old one's place, the others come behind
        except PictureRefused as refusal:
            UPLOADS.labels("refused", refusal.code).inc()
            errors.append(FileError.of(file.name, refusal))
            if (
                refusal.code == "storage_unavailable"
            ):  # waiting as long for each of the others would outlast the request
                errors += [FileError.of(other.name, refusal) for other in files[number + 1 :]]
                break

    return stored, errors


def _replaced(request):
    sent = request.POST.get("replaces", "")
    try:
        return uuid.UUID(sent) if sent else None
    except ValueError:
        raise PictureRefused("locked", "要替换的图片已不存在，请刷新页面后再试。") from None


def _take(application, category, file, refused, *, replaces, actor, admit):
    """Store one file; `refused`: bytes -> the refusal that unpacking them in this request has led to."""
    content = file.read()  # of what is too large, the beginning
    if refused and content in refused:
        raise refused[content]

    try:
        return uploads.take_image(
            application,
            category,
            content,
            size=file.size,  # what was sent
            min_side=settings.PICTURE_MIN_SIDE,
            replaces=replaces,
            actor=actor,
            admit=admit,
        )
    except PictureRefused as refusal:
        if refusal.code in FOUND_LATE:
            refused[content] = refusal
        raise


def _as_json(request, stored, errors):
    status = 201 if stored else _status_of_nothing({error.code for error in errors})
    images = [
        {
            "id": str(image.id),
            "url": reverse("materials:picture", args=[image.id]),
            "thumbnail": thumbnail_address(request.session, image),
            "warnings": warning_sentences(image.warnings),
        }
        for image in stored
    ]
    answer = JsonResponse({"images": images, "errors": [error.as_json() for error in errors]}, status=status)
    if again := max((error.again for error in errors), default=0):
        answer.headers["Retry-After"] = str(again)
    return answer


def _status_of_nothing(codes):
    """Return the status of an answer where no file was stored."""
    if "busy" in codes:
        return 429
    return 503 if "storage_unavailable" in codes else 422


def _tell(request, category, stored, errors):
    tag = card_tag(category)
    if stored:
        messages.success(request, f"已上传 {len(stored)} 张图片。", extra_tags=tag)
    for error in errors:
        sentence = f"“{error.file}”没有上传：{error.message}" if error.file else error.message
        messages.error(request, sentence, extra_tags=tag)
