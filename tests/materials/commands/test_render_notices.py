"""manage.py render_notices: fills the store for a unit, can be stopped and resumed, names what it could not print."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from candidates.models import Application
from materials.management.commands import render_notices
from materials.models import RenderedDocument
from materials.printing import pdf, rendered
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def applications(media_root):
    return [factories.make_application("registered") for _ in range(2)]


def run(unit, *options):
    """(the last line, what was reported as failed, the command's own error)"""
    out, err = StringIO(), StringIO()
    error = ""
    try:
        call_command("render_notices", unit, "--processes", "1", *options, stdout=out, stderr=err)
    except CommandError as refusal:
        error = str(refusal)
    return re.sub(r"；每秒.*", "", out.getvalue().splitlines()[-1]), err.getvalue(), error


def test_it_fills_the_store_and_does_nothing_twice(applications):
    assert run("11", "--dry-run") == ("2/2：新生成 0，要生成 2，已有 0，失败 0", "", "")
    assert run("1101001") == ("2/2：新生成 2，已有 0，失败 0", "", "")
    assert run("1101") == ("2/2：新生成 0，已有 2，失败 0", "", "")
    assert [rendered.is_kept("notice", application) for application in applications] == [True, True]


def test_another_unit_and_what_has_ended_are_left_alone(applications):
    Application.objects.filter(pk=applications[0].pk).update(status="withdrawn")
    assert run("12") == ("0/0：新生成 0，已有 0，失败 0", "", "")
    assert run("1101") == ("1/1：新生成 1，已有 0，失败 0", "", "")


def test_what_cannot_be_printed_is_named_by_number_and_the_rest_is_printed(applications, monkeypatch):
    first = applications[0]

    def busy_once(slug, application, fetch=rendered.fetch):
        if application.pk == first.pk:
            raise pdf.Busy(pdf.BUSY)
        return fetch(slug, application)

    monkeypatch.setattr(rendered, "fetch", busy_once)
    line, reported, error = run("1101")
    assert line == "2/2：新生成 1，已有 0，失败 1"
    assert error == "1 份没有生成，报名编号见上。"
    assert re.findall(r"^(\d{16})：打印的人较多", reported) == [first.number]


def test_what_was_printed_with_gaps_is_kept_for_the_operators(applications):
    Application.objects.filter(pk=applications[0].pk).update(school="示例\U00031353学院")
    assert run("1101")[0] == "2/2：新生成 2，已有 0，失败 0"
    assert RenderedDocument.objects.exclude(missing="").get().application == applications[0]


def test_stopped_it_says_how_far_it_came_and_resumes(applications, monkeypatch):
    def interrupted(slug, application, fetch=rendered.fetch):
        if application.pk == applications[1].pk:
            raise KeyboardInterrupt
        return fetch(slug, application)

    with monkeypatch.context() as patched:
        patched.setattr(rendered, "fetch", interrupted)
        assert run("1101")[2] == "已停止。再次运行时接着做。"
    assert run("1101") == ("2/2：新生成 1，已有 1，失败 0", "", "")


@pytest.mark.parametrize("unit", ["99", ""])
def test_an_unknown_unit_is_refused(applications, unit):
    with pytest.raises(CommandError, match="没有代码为"):
        call_command("render_notices", unit)


@pytest.mark.django_db(transaction=True)
def test_several_processes_do_each_batch_once(applications, monkeypatch):
    monkeypatch.setattr(render_notices, "BATCH", 1)
    others = [factories.make_application("registered") for _ in range(3)]
    rendered.fetch("notice", others[0])
    assert run("1101", "--processes", "2", "--dry-run") == ("5/5：新生成 0，要生成 4，已有 1，失败 0", "", "")


@pytest.mark.parametrize("number", ["0", "65", "x"])
def test_a_number_of_processes_is_from_1_to_64(applications, number):
    with pytest.raises(CommandError, match="进程数是 1 到 64 的整数"):
        call_command("render_notices", "1101", "--processes", number)
