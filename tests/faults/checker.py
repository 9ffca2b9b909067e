"""What must hold whatever has happened, by the ledger, the database and the storage that Django is set to."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from candidates.models import Record
from candidates.trail.chains import chains
from materials.files.verifying import LOST, SUPERFLUOUS, YOUNG, verify
from materials.models import MaterialImage, Submission
from tests.faults.ledger import TORN, Line

MAYBE = (0, TORN, 503)  # no answer, half of one, or one that promises nothing


def sweep() -> int:
    """What `verify_storage --fix` does, with no time of grace, since nobody uploads any more: files removed."""
    return sum(finding.removed for finding in verify(grace_hours=0, fix=True))


def violations(lines: Sequence[Line]) -> list[str]:
    """A sentence for each promise that was not kept; the portal must be at rest, and swept."""
    checks = (answers(lines), uploads(lines), rows(lines), sets(lines), decisions(lines), records(), files())
    return [sentence for check in checks for sentence in check]


def answers(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        if line.wrong:
            yield f"{line.act} of case {line.case}: {line.wrong}"
        elif line.status == 0 and line.act not in ("cut", "left"):
            yield f"{line.act} of case {line.case} was never answered"


def uploads(lines: Sequence[Line]) -> Iterator[str]:
    """Acknowledged is there, until its removal was asked for; a removal that was acknowledged is done."""
    stored = {str(one.pk): one for one in MaterialImage.objects.all()}
    removals = defaultdict(set)
    for line in lines:
        if line.act == "remove":
            removals[line.what].add(line.status)
    for line in lines:
        if (line.act, line.status) != ("upload", 201):
            continue
        row, asked = stored.get(line.gave), removals[line.gave]
        if row is None:
            yield f"lost: picture {line.gave} of case {line.case} was acknowledged and has no row"
        elif (row.application_id, row.received_sha256) != (line.case, line.what):
            yield f"changed: picture {line.gave} of case {line.case} is not what was sent"
        elif row.removed_at and not asked & {302, *MAYBE}:
            yield f"removed: picture {line.gave} of case {line.case}, which nobody asked for"
        elif row.removed_at is None and 302 in asked:
            yield f"back again: picture {line.gave} of case {line.case}, whose removal was acknowledged"


def rows(lines: Sequence[Line]) -> Iterator[str]:
    """No row but of what was sent whole, and not of what was only refused."""
    sent = defaultdict(set)
    for line in lines:
        if line.act in ("upload", "cut", "left"):
            sent[line.case, line.what].add("cut" if line.act == "cut" else line.status)
    for row in MaterialImage.objects.order_by("uploaded_at"):
        outcomes = sent[row.application_id, row.received_sha256]
        if not outcomes & {201, *MAYBE}:
            yield f"unasked: picture {row.pk} of case {row.application_id} has a row; it was {outcomes or 'never sent'}"


def sets(lines: Sequence[Line]) -> Iterator[str]:
    """A submitted set is what was there before, what its record says, and complete to this day."""
    found = defaultdict(list)
    for submission in Submission.objects.order_by("application", "round"):
        found[submission.application_id].append(submission)
        where = f"the set of round {submission.round} of case {submission.application_id}"
        images = MaterialImage.objects.filter(application=submission.application_id, is_owed=False)
        before = [one for one in images if one.uploaded_round < submission.round]
        kept = {one.pk for one in before if one.removed_at is None or one.removed_at > submission.at}
        if set(submission.images) != kept:
            yield f"{where} is not what was there when it was submitted"
        record = Record.objects.filter(
            application=submission.application_id, action="submit", round=submission.round
        ).first()
        hashes = {str(one.pk): one.sha256 for one in before if one.pk in set(submission.images)}
        if record is None or record.data["images"] != hashes:
            yield f"{where} has changed: its record says another"
    for case in {line.case for line in lines if line.act == "submit"}:
        told = sum(line.case == case and line.act == "submit" and line.status == 302 for line in lines)
        if told > len(found[case]):
            yield f"case {case} was told {told} times that it is submitted, and has {len(found[case])} submissions"


def decisions(lines: Sequence[Line]) -> Iterator[str]:
    """One record has one successor: the decision that was acknowledged, where one was."""
    told = defaultdict(list)
    for line in lines:
        if (line.act, line.status) == ("decide", 302):
            told[line.case, line.what].append(line.gave)
    for (case, seen), acts in told.items():
        if len(acts) > 1:
            yield f"two decisions on record {seen} of case {case}: {', '.join(acts)}"
        follower = Record.objects.filter(application=case, pk__gt=seen).order_by("pk").first()
        if follower is None or follower.action not in acts:
            yield f"the decision on record {seen} of case {case} was acknowledged and is not there"


def records() -> Iterator[str]:
    for chain in chains():
        if chain.problem:
            yield f"the records of case {chain.application} do not verify: {chain.problem}"


def files() -> Iterator[str]:
    for finding in verify(grace_hours=0, fix=False):
        if finding.kind in (*LOST, *SUPERFLUOUS, YOUNG):
            yield f"file {finding.kind}: {finding.key}"
