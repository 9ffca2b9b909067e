"""People at the portal, over TLS as a browser comes: some upload and remove, some have a case that goes its way."""

import hashlib
import http.client
import json
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from random import Random
from urllib.parse import urlencode

from tests.bench.bench_uploads import BOUNDARY, CATEGORIES, TOKEN, form, picture
from tests.faults.ledger import TORN, Ledger, Line
from tests.nmec_portal.local.serving import Browser

REQUIRED = ("identity", "diploma", "probation", "institution_licence")
PLACES = 16  # of a category's twenty: an upload without an answer may have taken one
OUR_PAGE = "<h1>系统正在维护</h1>".encode()
PATIENCE = 90  # seconds for an answer: nginx gives up after 65, and says so
PAUSE = 0.4  # seconds before something is tried again
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UPLOAD = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Accept": "application/json"}
serials = count(1)


class Person:
    """One account's browser: every answer goes into the ledger before the next request."""

    def __init__(self, port: int, ledger: Ledger, cookie: str, case: int = 0) -> None:
        self.port, self.ledger, self.cookie, self.case = port, ledger, cookie, case

    def ask(self, act: str, method: str, path: str, body=None, headers=None, **facts):
        """The answer, or None where there was none. `facts` are columns of the ledger, or functions of the answer."""
        sent = {"Cookie": self.cookie, **(headers or {})}
        known = {"case": self.case, **{name: value for name, value in facts.items() if not callable(value)}}
        try:
            answer = Browser(self.port, patience=PATIENCE).ask(method, path, body, sent)
        except (OSError, http.client.HTTPException) as error:
            if self.ledger.may_tear and isinstance(error, http.client.IncompleteRead):
                self.ledger.write(Line(act, status=TORN, **known))
                return None
            self.ledger.write(Line(act, **known, wrong=f"{path} was never answered: {error!r}"))
            return None
        known |= {name: value(answer) for name, value in facts.items() if callable(value)}
        is_wrong = answer.status >= 500 and not is_ours(answer)
        wrong = f"{path} answered {answer.status}, which is not our 503" if is_wrong else ""
        self.ledger.write(Line(act, status=answer.status, wrong=wrong, **known))
        return answer

    def page(self, path: str) -> str:
        answer = self.ask("read", "GET", path)
        return answer.content.decode() if answer and answer.status == 200 else ""

    def post(self, act: str, path: str, fields: dict[str, str], **facts) -> int:
        answer = self.ask(act, "POST", path, urlencode({"csrfmiddlewaretoken": TOKEN, **fields}), FORM, **facts)
        return answer.status if answer else 0


def is_ours(answer) -> bool:
    """503 in our words, as a page or for the script, with when to come again."""
    if answer.status != 503 or "retry-after" not in answer.head:
        return False
    if not answer.head["content-type"].startswith("application/json"):
        return OUR_PAGE in answer.content
    return [error["code"] for error in json.loads(answer.content)["errors"]][:1] == ["storage_unavailable"]


class Candidate(Person):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.kept: dict[str, list[str]] = {category: [] for category in CATEGORIES}

    def upload(self, category: str) -> int:
        content = picture(serial := next(serials))
        what, body = hashlib.sha256(content).hexdigest(), form(serial, content)
        answer = self.ask("upload", "POST", f"/materials/{category}/", body, UPLOAD, what=what, gave=stored)
        if answer and answer.status == 201:
            self.kept[category].append(stored(answer))
        return answer.status if answer else 0

    def remove(self, image: str) -> int:
        return self.post("remove", f"/materials/images/{image}/delete/", {}, what=image)

    def submit(self) -> int:
        return self.post("submit", "/materials/submit/", {"declaration": "on"})

    def goes_on(self, random: Random) -> None:
        """Mostly uploads, sometimes removes."""
        category = random.choice(CATEGORIES)
        mine = self.kept[category]
        if mine and (len(mine) >= PLACES or random.random() < 0.15):
            self.remove(mine.pop(random.randrange(len(mine))))
        elif self.upload(category) in (429, 503):  # 429: the one before lost its process, and still waits for the row
            time.sleep(PAUSE)


def stored(answer) -> str:
    return json.loads(answer.content)["images"][0]["id"] if answer.status == 201 else ""


class Reviewer(Person):
    def shown(self, number: str) -> tuple[str, list[str]]:
        """The record that the page was drawn with, and the fields of its verdicts: none where there is none to give."""
        page = self.page(f"/review/applications/{number}/")
        seen = re.search(r'name="seen" value="(\d+)"', page)
        return (seen[1] if seen else ""), list(dict.fromkeys(re.findall(r'name="(image-[0-9a-f-]{36})-verdict"', page)))

    def decide(self, case: int, number: str, action: str, seen: str, images: list[str]) -> int:
        judged = {f"{image}-verdict": "ok" for image in images}
        if action == "return":
            judged |= {f"{images[0]}-verdict": "not_ok", f"{images[0]}-words": "不清晰，请重新拍摄。"}
        path = f"/review/applications/{number}/{action}/"
        return self.post("decide", path, {"seen": seen, **judged}, case=case, what=seen, gave=action)


class Story:
    """A case from its pictures to the payment that is due. The point passes and returns it in the same moment.

    What was not acknowledged is done again; at each level two reviewers decide at once, drawn with the same record.
    """

    def __init__(self, candidate: Candidate, number: str, levels: list[tuple[Reviewer, Reviewer]]) -> None:
        self.candidate, self.number, self.levels = candidate, number, levels
        self.decided = 0

    def tell(self, goes_on: Callable[[], bool]) -> None:
        for category in REQUIRED:
            while goes_on() and self.candidate.upload(category) != 201:
                time.sleep(PAUSE)
        with ThreadPoolExecutor(2) as both:
            while goes_on() and not self.submitted(both):
                time.sleep(PAUSE)
            while goes_on() and self.one_step(both):
                time.sleep(PAUSE / 4)
        for image in self.candidate.kept["identity"]:
            self.candidate.remove(image)  # of a set that is submitted: refused
        self.candidate.upload("other")

    def submitted(self, both: ThreadPoolExecutor) -> bool:
        """Submits while a picture is under way: it is in the set, or refused."""
        beside = both.submit(self.candidate.upload, "other")
        status = both.submit(self.candidate.submit).result()
        beside.result()
        return status in (302, 409)  # 409: an earlier one, whose answer was lost, was carried out

    def one_step(self, both: ThreadPoolExecutor) -> bool:
        """Two decide, or the candidate corrects; False once nobody has anything to do any more."""
        blank = False
        for pair in self.levels:
            seen, images = pair[0].shown(self.number)
            blank = blank or not seen
            if images:
                self.race(both, pair, seen, images)
                return True
        page = self.candidate.page("/materials/")
        if 'action="/materials/submit/"' in page or "tile-remove" in page:
            self.correct(both, page)
            return True
        return blank or not page  # not seen for certain

    def race(self, both: ThreadPoolExecutor, pair, seen: str, images: list[str]) -> None:
        actions = ("pass", "return") if pair is self.levels[0] and self.decided < 2 else ("pass", "pass")
        self.decided += 1
        decided = [
            both.submit(one.decide, self.candidate.case, self.number, action, seen, images)
            for one, action in zip(pair, actions, strict=True)
        ]
        for one in decided:
            one.result()

    def correct(self, both: ThreadPoolExecutor, page: str) -> None:
        """Other pictures where they were refused, then submitted again."""
        for part in page.split("<section ")[1:]:
            category, wrong = re.search(r'id="(\w+)"', part)[1], re.findall(r"/images/([0-9a-f-]{36})/delete/", part)
            for image in wrong:
                self.candidate.remove(image)
            if wrong or (category in REQUIRED and "tile-picture" not in part):
                self.candidate.upload(category)
        both.submit(self.candidate.submit).result()
