"""Who prints at once: two at most, each with fonts and styles of its own."""

import threading

import pytest

from materials.printing import engine, pdf
from tests.materials.printing.test_pdf import page, text_of


def test_two_print_at_a_time_and_a_third_is_told_to_wait(monkeypatch):
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0.01)
    with engine.one(), engine.one(), pytest.raises(pdf.Busy):
        pdf.render(page("<p>甲</p>"))
    assert text_of(pdf.render(page("<p>甲</p>"))).strip() == "甲"


def test_renders_in_two_threads_give_the_same_bytes():
    names = ["张某某", "阿卜杜热合曼·买买提依明"] * 3
    alone = [pdf.render(page(f"<p>{name}</p>")) for name in names]
    together: dict[int, bytes] = {}
    threads = [
        threading.Thread(target=lambda at=at, name=name: together.update({at: pdf.render(page(f"<p>{name}</p>"))}))
        for at, name in enumerate(names)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [together[at] for at in range(len(names))] == alone
