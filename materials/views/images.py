import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.applications import steps
from candidates.applications.access import candidates_only, my_others
from candidates.models import Application
from candidates.rules.refusals import AlreadyMoved, PictureRefused
from candidates.trail import looks
from candidates.views.answers import actor_of, refusals_told
from materials import submitting, uploads
from materials.desk import Desk
from materials.files import serving
from materials.files.storage import STORAGE_ERRORS
from materials.models import MaterialImage
from materials.views.cards import Links, card_tag

ANY = uuid.UUID(int=0)  # in the place of a picture's key


@require_safe
def picture(request, image_id):
    return _serve(request, image_id, thumbnail=False)


@require_safe
def thumbnail(request, image_id):
    return _serve(request, image_id, thumbnail=True)


@require_safe
def kept_thumbnail(request, image_id, stamp):
    """Send a thumbnail under an address of this log-in, which the browser asks once."""
    return _serve(request, image_id, thumbnail=True, stamp=stamp)


def _serve(request, image_id, *, thumbnail, stamp=None):
    image = _visible_image(request, image_id)
    if image.removed_at and request.user.is_candidate:
        raise Http404
    if stamp is not None and not serving.is_stamped(request.session, image, stamp):
        raise Http404
    if not thumbnail and request.session.get(looks.AHEAD) != image.application_id:
        _record_look(request.user, image)
    try:
        return serving.picture_response(image, thumbnail=thumbnail, kept=_kept(request.user, stamp))
    except STORAGE_ERRORS:
        return render(request, "503.html", status=503)


def _kept(account, stamp):
    if stamp is not None:
        return serving.WHILE_LOGGED_IN
    return serving.NOT_KEPT if account.is_candidate else serving.FETCHED_AHEAD


def thumbnail_address(session, image):
    """Return where this log-in's pages have a thumbnail from."""
    return reverse("materials:kept_thumbnail", args=[image.pk, serving.stamp(session, image)])


def links_of(session):
    """Return what gives a picture's addresses: the resolver is asked once for each kind, not for each picture."""
    picture, delete, move = (reverse(f"materials:{name}", args=[ANY]) for name in ("picture", "delete", "move"))
    small = reverse("materials:kept_thumbnail", args=[ANY, "stamp"])

    def links(image):
        key = str(image.pk)
        return Links(
            picture=picture.replace(str(ANY), key),
            thumbnail=small.replace(str(ANY), key).replace("stamp", serving.stamp(session, image)),
            delete=delete.replace(str(ANY), key),
            move=move.replace(str(ANY), key),
        )

    return links


def _record_look(account, image):
    try:
        looks.record(account, image.application, "picture")
    except AlreadyMoved:  # recalled at this moment
        raise Http404 from None
    looks.pictures(account, image.application, [image.pk])


def _visible_image(request, image_id):
    """Return the picture of an application that this account may see; else 404."""
    image = (
        MaterialImage.objects.filter(pk=image_id, application__in=Application.objects.visible_to(request.user))
        .select_related("application__session", "application__exam_category")
        .first()
    )
    if image is None:
        raise Http404
    return image


@candidates_only
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, image_id):
    """Ask once on GET, remove on POST; a picture that is gone already is no mistake."""
    image = _visible_image(request, image_id)
    if image.removed_at:
        messages.info(request, "这张图片已经删除。", extra_tags=card_tag(image.category))
        return _back_to(request, image.category)
    if request.method == "POST":
        try:
            uploads.remove_image(image.pk, actor=actor_of(request))
        except PictureRefused as refusal:
            return _ask(request, image, refusal)
        messages.success(request, "图片已删除。", extra_tags=card_tag(image.category))
        return _back_to(request, image.category)
    return _ask(request, image, Desk.of(image.application).refusal_to_remove(image))


def _ask(request, image, refusal):
    desk = Desk.of(image.application)
    context = {
        "image": image,
        "title": image.get_category_display(),
        "refusal": refusal,
        "back": page_of(request),
        "steps": steps.steps(image.application, desk.now, is_ready=submitting.is_ready(desk)),
    }
    return render(request, "materials/delete.html", context, status=409 if refusal else 200)


@candidates_only
@require_POST
@refusals_told
def delete_withdrawn(request, pk):
    """Remove what was never submitted of an application that has been withdrawn."""
    application = my_others(request, None).filter(pk=pk).first()
    if application is None:
        raise Http404
    number = uploads.remove_withdrawn(application.pk, actor=actor_of(request))
    messages.success(request, f"已删除 {number} 张图片。")
    return redirect("earlier", pk)


@candidates_only
@require_POST
def move(request, image_id):
    """Move it one place within its category: 前移, or 后移 (`later`)."""
    image = _visible_image(request, image_id)
    later = request.POST.get("direction") == "later"
    try:
        uploads.move_image(image.pk, later=later, actor=actor_of(request))
    except PictureRefused as refusal:
        messages.error(request, refusal.sentence, extra_tags=card_tag(image.category))
        return _back_to(request, image.category)
    return _back_to(request, f"image-{image.pk}")


def page_of(request):
    """Return the page that the picture was shown on: the desk, or 核对并提交."""
    return reverse("materials:submit" if request.GET.get("check") else "materials:desk")


def _back_to(request, anchor):
    return redirect(f"{page_of(request)}#{anchor}")
