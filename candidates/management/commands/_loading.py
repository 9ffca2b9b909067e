from candidates.management.audited import AuditedCommand
from candidates.management.tables import add_table, load_told


class LoadCommand(AuditedCommand):
    """A command that loads one table: every bad line is named, nothing is loaded when any is bad."""

    load = None  # takes a path and a How, returns a Report, raises BadFile and Unconfirmed
    recorded = ("file", "complete", "sheet", "yes")
    can_end = ""  # what --complete does with what the table leaves out; empty where it cannot

    def add_arguments(self, parser):
        add_table(parser, can_end=self.can_end)
        self.add_dry_run(parser)

    def act(self, **options):
        report = load_told(self.stdout, type(self).load, options, done="载入完成", undone="没有载入任何数据")
        counts = {"made": report.counts["new"], "changed": report.counts["changed"], "same": report.counts["same"]}
        if report.counts["ended"]:
            counts["ended"] = report.counts["ended"]
        if report.told:
            self.stdout.write(f"已通知 {report.told} 位打印过通知单的考生。")
            counts["told"] = report.told
        return counts
