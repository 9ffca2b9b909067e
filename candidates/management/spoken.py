"""The base of every command: what it does not understand of a line it says in one Chinese sentence, with status 2."""

import re
from typing import NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

# what argparse says, in English, and what is said instead; where it is none of these it stays as it is
SENTENCES = (
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"unrecognized arguments: (.+)", r"不认识“\1”"),
    (r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.+)\)", r"\1 不能是“\2”，可以是 \3"),
    (r"argument (.+?): invalid \w+ value: '(.*)'", r"\1 的“\2”不是数字"),
    (r"argument (.+?): expected (?:one|at least one) argument", r"\1 后面要写内容"),
    (r"argument (.+?): ignored explicit argument '(.*)'", r"\1 后面不写内容（“\2”）"),
    (r"ambiguous option: (\S+) could match (.+)", r"\1 不完整，可以是 \2"),
    (r"argument (.+?): (.+)", r"\1：\2"),
)
TOGETHER = re.compile(r"(?<=\S), (?=\S)")  # of a list of names
QUOTED = re.compile(r"'([^']*)'")


class PortalCommand(BaseCommand):
    def create_parser(self, prog_name, subcommand, **kwargs):
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = lambda message: refuse(parser, message)
        return parser


def refuse(parser: CommandParser, message: str) -> NoReturn:
    """End the command, or raise CommandError where it is called by the portal itself."""
    sentence = in_chinese(message)
    if not parser.called_from_command_line:
        raise CommandError(sentence)
    parser.exit(2, f"{sentence}。全部参数见 {parser.prog} --help\n")


def in_chinese(message: str) -> str:
    for english, chinese in SENTENCES:
        if found := re.fullmatch(english, message, re.DOTALL):
            return TOGETHER.sub("、", QUOTED.sub(r"\1", found.expand(chinese)))
    return message
