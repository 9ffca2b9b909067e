"""The order within a category: by buttons, of what is not locked."""

import re

import pytest

from candidates.applications.workflow import Actor
from candidates.rules.refusals import NotAllowed, PictureRefused
from materials import submitting, uploads
from materials.models import MaterialImage
from review.cases.verdicts import Judgement, submitted_images
from tests import factories
from tests.materials.uploading import add, kept

pytestmark = pytest.mark.django_db


def move(image, application, later):
    return uploads.move_image(image.pk, later=later, actor=Actor.of(application.account))


@pytest.fixture
def application():
    return factories.make_application("registered")


@pytest.fixture
def images(application):
    return [add(application, serial=serial) for serial in range(3)]


def test_a_picture_moves_one_place_either_way(application, images):
    one, two, three = images
    move(three, application, later=False)
    assert kept(application, "identity") == [one, three, two]
    move(one, application, later=True)
    assert kept(application, "identity") == [three, one, two]


def test_at_the_front_and_at_the_end_it_stays(application, images):
    move(images[0], application, later=False)
    move(images[2], application, later=True)
    assert kept(application, "identity") == images


def test_locked_pictures_stay_where_they_are(application):
    for serial in range(3):
        add(application, "diploma", serial=serial)
    factories.upload_required(application)
    application = submitting.submit(application.pk, actor=Actor.of(application.account), declared=True)
    one, two, three = kept(application, "diploma")
    bad = {one.id, three.id}
    verdicts = {
        image.id: Judgement("not_ok", "不清晰") if image.id in bad else Judgement("ok")
        for image in submitted_images(application)
    }
    application = factories._returned(application, verdicts=verdicts)
    move(three, application, later=False)
    assert kept(application, "diploma") == [three, two, one]
    with pytest.raises(PictureRefused) as refused:
        move(two, application, later=True)
    assert refused.value.code == "locked"


def test_after_submitting_nothing_moves():
    application = factories.make_application("point_review")
    with pytest.raises(PictureRefused) as refused:
        move(kept(application, "identity")[0], application, later=True)
    assert refused.value.code == "locked"


def test_nobody_moves_somebody_elses_picture(application, images, client):
    stranger = factories.make_candidate()
    with pytest.raises(NotAllowed):
        uploads.move_image(images[0].pk, later=True, actor=Actor.of(stranger))
    address = f"/materials/images/{images[0].pk}/move/"
    people = [stranger, factories.make_reviewer(application.point), factories.make_operator()]
    assert [posted(client, person, address).status_code for person in people] == [404, 404, 404]
    assert kept(application, "identity") == images


def posted(client, person, address, **data):
    client.force_login(person, backend="candidates.accounts.auth.LoginNameBackend")
    return client.post(address, data)


def test_the_buttons_work_without_a_script(application, images, client):
    address = f"/materials/images/{images[0].pk}/move/"
    answer = posted(client, application.account, address, direction="later")
    assert (answer.status_code, answer["Location"]) == (302, f"/materials/#image-{images[0].pk}")
    assert kept(application, "identity") == [images[1], images[0], images[2]]
    assert client.get(address).status_code == 405


def test_the_page_offers_only_what_changes_something(application, images, client):
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    text = client.get("/materials/").content.decode()
    assert re.findall(r'name="direction" value="(\w+)"', text) == ["later", "earlier", "later", "earlier"]


def test_a_locked_picture_says_so_at_its_card(client):
    application = factories.make_application("point_review")
    image = MaterialImage.objects.filter(application=application).first()
    answer = posted(client, application.account, f"/materials/images/{image.pk}/move/", direction="later")
    assert answer["Location"] == f"/materials/#{image.category}"
    assert "内容已锁定，不能再上传或删除材料" in client.get("/materials/").content.decode()
