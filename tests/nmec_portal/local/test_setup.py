"""What a machine must have: the Pythons that are held."""

import sys
import tomllib
from collections import namedtuple

import pytest

from nmec_portal.local import setup

Version = namedtuple("Version", "major minor micro releaselevel serial")


def test_the_pythons_that_are_held_are_those_that_the_requirements_are_pinned_for():
    project = tomllib.loads((setup.PROJECT / "pyproject.toml").read_text())["project"]
    first, last = (tuple(map(int, version.split("."))) for version in (setup.HELD[0], setup.HELD[-1]))
    assert project["requires-python"] == f">={first[0]}.{first[1]},<{last[0]}.{last[1] + 1}"


@pytest.mark.parametrize("minor", [10, 14])
def test_another_python_is_refused_before_anything_is_installed(monkeypatch, minor):
    monkeypatch.setattr(sys, "version_info", Version(3, minor, 0, "final", 0))
    monkeypatch.setattr(setup, "_debian_packages", lambda **_: pytest.fail("it has begun to install"))
    with pytest.raises(setup.SetupError, match=r"Python 3\.11, 3\.12 or 3\.13 is needed, this is .*make PYTHON="):
        setup.prepare(setup.PROJECT / "requirements.txt")


def test_the_makefile_looks_for_each_of_them():
    line = (setup.PROJECT / "Makefile").read_text().partition("PYTHON ?=")[2].partition("PORT")[0]
    assert [version for version in setup.HELD if f"/usr/bin/python{version}" in line] == list(setup.HELD)
