"""Do rows and files belong together? What ought not to be there goes with --fix, once it is older than --grace."""

from django.core.management.base import BaseCommand, CommandError

from materials.storage import STORAGE_ERRORS
from materials.verifying import LOST, SUPERFLUOUS, YOUNG, verify


class Command(BaseCommand):
    help = "Checks that every picture's row has its file with its size and sha256, and that every file has its row."

    def add_arguments(self, parser):
        parser.add_argument("--fix", action="store_true", help="remove the files that ought not to be there")
        parser.add_argument("--grace", type=float, default=24, metavar="HOURS", help="younger files are left alone")

    def handle(self, *, fix, grace, **options):
        if grace < 1:
            raise CommandError("--grace must be at least 1 hour: an upload under way has its files before its row.")
        tally = dict.fromkeys((*LOST, *SUPERFLUOUS, YOUNG, "rows", "files", "removed"), 0)
        try:
            for finding in verify(grace_hours=grace, fix=fix):
                tally[finding.kind] += finding.count
                if finding.kind in LOST + SUPERFLUOUS:
                    self.stdout.write(f"{finding.kind}: {finding.key}{' (removed)' * finding.removed}")
                tally["removed"] += finding.removed
        except STORAGE_ERRORS as error:
            raise CommandError(f"the storage does not answer: {error}") from error
        self.stdout.write(", ".join(f"{kind} {count}" for kind, count in tally.items()))
        lost, left = sum(tally[kind] for kind in LOST), sum(tally[kind] for kind in SUPERFLUOUS) - tally["removed"]
        if lost or left:
            raise CommandError(f"{lost} lost or damaged, {left} superfluous files left.", returncode=1)
