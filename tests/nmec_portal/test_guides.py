"""The guides under /help/: from docs/, with the pictures that `make guides` takes, and links that lead somewhere."""

import re

import pytest
from django.core.management import get_commands
from django.urls import resolve

from candidates.messages.kinds import KINDS
from nmec_portal import guides
from tests.factories import make_operator
from tests.guides import candidates, looks, reviewers

TAKEN = {name for stories in (candidates.STORIES, reviewers.STORIES) for story in stories.values() for name in story}
PICTURE = re.compile(r"!\[([^\]]*)\]\(pictures/([\w-]+)\.png\)")
COLUMNS = {
    "onsite_list_required",
    "registration_number",
    "legal_representative",
    "change_mobile",
    "send_back",
}  # in the operators' guide, but no command; nor are the kinds of messages, of acts and of reasons


def source(name):
    return (guides.DOCS / f"{name}.md").read_text()


def test_the_guides_show_exactly_the_pictures_that_are_taken():
    named = [name for guide in guides.SHOWN for _, name in PICTURE.findall(source(guide))]
    there = {path.stem for path in (guides.DOCS / "pictures").iterdir()}
    assert sorted(named) == sorted(TAKEN)
    assert there == TAKEN


def test_the_pictures_are_of_the_pages_as_they_are():
    """Else: make guides."""
    pictures = looks.kept()
    assert set(pictures) == TAKEN
    assert [name for name, one in pictures.items() if looks.look_of(one["page"]) != one["look"]] == [], (
        "run make guides"
    )


def test_every_picture_says_in_words_what_it_shows():
    short = [words for guide in guides.SHOWN for words, _ in PICTURE.findall(source(guide)) if len(words) < 8]
    assert short == []


def test_the_pictures_are_small():
    assert sum(path.stat().st_size for path in (guides.DOCS / "pictures").iterdir()) < 2 * 2**20


@pytest.mark.parametrize("name", guides.SHOWN)
def test_every_link_of_a_guide_leads_somewhere(name):
    body = guides.read(name).body
    anchors = set(re.findall(r'<h\d id="([^"]+)"', body))
    for link in re.findall(r'href="([^"]+)"', body):
        assert link.removeprefix("#") in anchors if link.startswith("#") else resolve(link)


def test_every_command_that_the_documents_name_exists():
    texts = [path.read_text() for path in (*guides.DOCS.glob("*.md"), guides.DOCS.parent / "README.md")]
    named = {name for text in texts for name in re.findall(r"manage\.py ([a-z_]+)", text)}
    named |= set(re.findall(r"`([a-z]+_[a-z_]+)[ `]", source("operators")))
    assert named - COLUMNS - set(KINDS) - set(get_commands()) == set()


def test_a_guide_is_safe_and_keeps_its_table_and_anchors():
    guide = guides.rendered("# 手册\n\n## 1 先看\n\n<script>x</script> [b](javascript:x)\n\n|a|\n|:-|\n|b|\n")
    assert (guide.title, guide.contents) == ("手册", (("1-先看", "1 先看"),))
    assert guide.body == (
        '<h2 id="1-先看">1 先看</h2>\n<p>&lt;script&gt;x&lt;/script&gt; [b](javascript:x)</p>\n'
        '<table class="table">\n<thead>\n<tr>\n<th scope="col">a</th>\n</tr>\n</thead>\n'
        "<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>\n"
    )


def test_a_line_that_ends_between_chinese_characters_leaves_no_space():
    assert guides.rendered("一行，\n**又**一行\n`a`\n`b`\n").body == (
        "<p>一行，<strong>又</strong>一行<code>a</code>\n<code>b</code></p>\n"
    )


@pytest.mark.django_db
def test_help_leads_each_to_the_guides_that_are_theirs(client):
    seen = [guides_on(client)]
    client.force_login(make_operator(), backend="candidates.accounts.auth.LoginNameBackend")
    assert [*seen, guides_on(client)] == [["candidates"], ["candidates", "reviewers", "operators"]]


def guides_on(client):
    return re.findall(r'href="/help/(\w+)/"', client.get("/help/").content.decode())
