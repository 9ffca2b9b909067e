"""Each decision happens whole or not at all: what fails at its end leaves nothing of what came before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from candidates.applications import workflow
from candidates.applications.workflow import Actor
from candidates.models import Account, Application
from review.appointments import captures
from review.cases import decisions, undoing
from review.models import OfficeSetting, SecondLook
from review.office import lapsing, questions, samples
from tests.factories import a_picture, make_application, make_reviewer, make_units
from tests.review import casework
from tests.review.casework import REASON
from tests.review.payments.case import make_due, make_order

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = timedelta(days=5)


class Broken(Exception):
    """The last thing that a decision writes fails."""


@dataclass(frozen=True)
class Act:
    """A decision in a state that allows it."""

    prepare: Callable[[], Application]
    decide: Callable[[Application], object]


def case(status, **words):
    return lambda: make_application(status, **words)


def _due_with_an_order():
    application = make_due()
    make_order(application)
    return casework.fresh(application)


def _owing_with_an_order():
    application = make_due()
    make_order(application)
    Application.objects.filter(pk=application.pk).update(owed=["probation"])
    return casework.fresh(application)


def of(application, level="", **words):
    """The keywords of an act by the unit at this level."""
    return {"actor": casework.actor(application, level), "seen": application.last_record_id, **words}


OPERATOR = Actor(level="operator", name="terminal")


def _pass(one):
    return decisions.pass_on(one.pk, **of(one, verdicts=casework.verdicts(one)))


def _return(one):
    named = {"verdicts": casework.verdicts(one, diploma=REASON), "sections": {"work": REASON}}
    return decisions.return_for_correction(one.pk, **of(one, **named))


def _unlock(one):
    until = timezone.now() + DAYS
    named = {"categories": {"diploma": REASON}, "sections": {}}
    return decisions.unlock(one.pk, actor=OPERATOR, until=until, reason=REASON, **named)


def _move(one):
    point = make_units()["1102001"]
    return decisions.move_to(one.pk, actor=OPERATOR, point=point, reason=REASON)


def _sampled():
    one = make_application("site_review")
    OfficeSetting.objects.create(unit=one.site, share=20)
    return one


def _first_pass(one):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(samples, "is_drawn", lambda *_: True)
        return decisions.pass_on(one.pk, **of(one))


def _looked_at_twice():
    """A case that one of the site has passed, and another of it, who is no head, looks at."""
    one = casework.fresh(_first_pass(_sampled()))
    make_reviewer(one.site, username="second")
    return one


def _with_a_head():
    one = _looked_at_twice()
    make_reviewer(one.site, username="head", is_head=True)
    return one


def by_the_second(one, **words):
    return {"actor": Actor.of(Account.objects.get(username="second")), "seen": one.last_record_id, **words}


def _second_return(one):
    return decisions.return_for_correction(
        one.pk, **by_the_second(one, verdicts=casework.verdicts(one, diploma=REASON))
    )


ACTS = {
    "first_pass": Act(_sampled, _first_pass),
    "second_pass": Act(
        _looked_at_twice, lambda one: decisions.pass_on(one.pk, **by_the_second(one, verdicts=casework.verdicts(one)))
    ),
    "second_differs": Act(_with_a_head, _second_return),
    "second_up": Act(_looked_at_twice, _second_return),
    "second_missed": Act(
        lambda: casework.fresh(_first_pass(_sampled())),
        lambda one: lapsing.lapse(SecondLook.objects.get(), actor=OPERATOR, now=timezone.now() + 10 * DAYS),
    ),
    "pass": Act(case("point_review"), _pass),
    "return": Act(case("point_review"), _return),
    "unlock": Act(case("site_review"), _unlock),
    "extend": Act(
        case("returned"),
        lambda one: decisions.extend(one.pk, **of(one, "point", reason=REASON, until=one.return_deadline + DAYS)),
    ),
    "send_back": Act(case("site_review"), lambda one: decisions.send_back(one.pk, **of(one, reason=REASON))),
    "reject": Act(
        case("point_review"),
        lambda one: decisions.reject(one.pk, **of(one, reason=REASON, verdicts=casework.verdicts(one))),
    ),
    "reopen": Act(case("rejected"), lambda one: decisions.reopen(one.pk, **of(one, "point", reason=REASON))),
    "undo": Act(case("region_review"), lambda one: undoing.undo(one.pk, **of(one, "site"))),
    "retract": Act(_due_with_an_order, lambda one: decisions.retract(one.pk, **of(one, "region", reason=REASON))),
    "cancel": Act(
        _owing_with_an_order,
        lambda one: decisions.cancel(one.pk, **of(one, "site", reason=REASON, now=one.session.owed_until)),
    ),
    "reinstate": Act(
        case("cancelled"),
        lambda one: decisions.reinstate(one.pk, **of(one, "region", reason=REASON, until=one.session.owed_until)),
    ),
    "received": Act(
        _owing_with_an_order, lambda one: decisions.received(one.pk, **of(one, "site", category="probation"))
    ),
    "move": Act(case("point_review"), _move),
    "capture": Act(
        case("point_review"),
        lambda one: captures.add(
            one.pk, category="diploma", picture=a_picture("degree"), actor=of(one, "point")["actor"]
        ),
    ),
    "ask": Act(case("point_review"), lambda one: questions.ask(one.pk, **of(one, words=REASON))),
}


def test_every_act_of_a_unit_or_an_operator_is_looked_at_here():
    theirs = {action for (action, _), (_, who) in workflow.TRANSITIONS.items() if {*who} - {"candidate", "provider"}}
    assert set(ACTS) == theirs


def everything():
    """Every row of every table of the portal."""
    return {
        model._meta.label: sorted(model._default_manager.values_list(), key=str)
        for model in apps.get_models()
        if model._meta.app_label in ("candidates", "materials", "review")
    }


@pytest.mark.parametrize("name", ACTS)
def test_an_act_that_fails_at_its_end_has_changed_nothing(name, monkeypatch):
    act = ACTS[name]
    application = act.prepare()
    for level in ("point", "site", "region"):
        casework.reviewer(application, level)
    monkeypatch.setattr(workflow, "_tell", fail)
    before = everything()
    with pytest.raises(Broken):
        act.decide(application)
    assert everything() == before


def fail(*_):
    raise Broken
