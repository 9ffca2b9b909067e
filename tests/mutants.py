"""`make mutants ARGS="--number 20 review"`: break the code in places drawn by a seed, and see whether a test notices.

Each mutant changes one place of a copy of the project: a comparison is turned round, a condition, a filter, a decorator
or a statement dropped. Its mirror test runs first, then what tests its app; what no test notices is printed. The ones
that change nothing anybody could notice are listed in mutants_equivalent.txt, each with its reason.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nmec_portal.local import postgres
from tests.quick import mirrors

ROOT = Path(__file__).resolve().parent.parent
APPS = ("candidates", "materials", "review")
LEFT_OUT = {"migrations", "management", "demo", "specimens", "admin.py", "apps.py", "urls.py", "__init__.py"}
EQUIVALENT = Path(__file__).with_name("mutants_equivalent.txt")
COMPARISONS = {
    ast.Eq: "!=", ast.NotEq: "==", ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
LONGEST = 900  # seconds that the tests of one mutant may take: one that runs for ever is noticed


@dataclass(frozen=True)
class Mutant:
    path: Path  # inside the project
    line: int
    before: str
    after: str
    source: str  # the whole file as changed

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {_one_line(self.before)} → {_one_line(self.after)}"

    @property
    def key(self) -> str:
        """What it is listed by: no line number, which every edit above it changes."""
        return f"{self.path}: {_one_line(self.before)} → {_one_line(self.after)}"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of one file."""
    text = (ROOT / path).read_text()
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def place(node: ast.AST) -> slice:
        return slice(
            starts[node.lineno - 1] + node.col_offset,  # type: ignore[attr-defined]
            starts[node.end_lineno - 1] + node.end_col_offset,  # type: ignore[attr-defined]
        )

    for node in ast.walk(ast.parse(text)):
        for there, after in _changes(node):
            where, content = place(there), text.encode()
            if isinstance(there, ast.expr) and there in getattr(node, "decorator_list", ()):
                where = slice(where.start - 1, where.stop)  # with its @
            changed = (content[: where.start] + after.encode() + content[where.stop :]).decode()
            yield Mutant(path, there.lineno, content[where].decode(), after, changed)


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """What may be changed of a node: the place, and what stands there then."""
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            yield node, f"{ast.unparse(left)} {COMPARISONS[type(operator)]} {ast.unparse(right)}"
        case ast.BoolOp(values=values):
            joined = " and " if isinstance(node.op, ast.And) else " or "
            for left_out in values:
                rest = joined.join(f"({ast.unparse(one)})" for one in values if one is not left_out)
                yield node, f"({rest})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, f"({ast.unparse(operand)})"
        case ast.If(test=test) | ast.IfExp(test=test):
            yield test, "False"
        case ast.Call(func=ast.Attribute(value=asked, attr="filter" | "exclude")):
            yield node, f"{ast.unparse(asked)}.all()"
            for keyword in node.keywords if len(node.keywords) > 1 else ():
                kept = ast.Call(node.func, node.args, [one for one in node.keywords if one is not keyword])
                yield node, ast.unparse(kept)
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.AugAssign() | ast.Delete():
            yield node, "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript() | ast.Tuple(elts=[ast.Attribute(), *_])]):
            yield node, "pass"
        case ast.FunctionDef(decorator_list=decorators):
            for decorator in decorators:
                if ast.unparse(decorator) not in (
                    "property",
                    "cached_property",
                    "classmethod",
                    "staticmethod",
                    "cache",
                ):
                    yield decorator, ""


def files(wanted: list[str]) -> list[Path]:
    """The modules that may be broken: rules, models, actions and views of the three apps, or what was asked for."""
    found = [path.relative_to(ROOT) for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    found = [path for path in found if not LEFT_OUT & set(path.parts)]
    return [path for path in found if not wanted or any(str(path).startswith(one) for one in wanted)]


def near(path: Path) -> list[str]:
    """Return the tests that mirror this module, and those beside them whose names go on (test_decisions_whole.py)."""
    there = [ROOT / one for one in mirrors(path)]
    beside = (found for one in there for found in one.parent.glob(f"{one.stem}_*.py"))
    return sorted({str(one.relative_to(ROOT)) for one in (*there, *beside) if one.exists()})


def notices(mutant: Mutant, copy: Path, environment: dict[str, str], *, near_only: bool) -> str:
    """What noticed it: "mirror", "app", or "" where nothing has."""
    shutil.copyfile(ROOT / mutant.path, copy / mutant.path)
    (copy / mutant.path).write_text(mutant.source)
    try:
        mirror = near(mutant.path)
        if mirror and not _passes(mirror, copy, environment):
            return "mirror"
        if near_only:
            return ""
        app = f"tests/{mutant.path.parts[0]}"
        return "" if _passes([app, "tests/test_story.py", "tests/test_house.py"], copy, environment) else "app"
    finally:
        shutil.copyfile(ROOT / mutant.path, copy / mutant.path)


def _passes(tests: list[str], copy: Path, environment: dict[str, str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--reuse-db", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _one_line(source: str) -> str:
    return " ".join(source.split()) or "nothing"


def equivalents() -> dict[str, str]:
    """Those that change nothing that anybody could notice: key -> reason."""
    lines = EQUIVALENT.read_text().splitlines() if EQUIVALENT.exists() else []
    pairs = (line.rsplit(" # ", 1) for line in lines if line and not line.startswith("#"))
    return {key: reason for key, reason in pairs}


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", help="modules or folders; the three apps where none is named")
    parser.add_argument("--number", type=int, default=20, help="how many are drawn (0: all)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="draws the same ones again")
    parser.add_argument("--near", action="store_true", help="the mirror test alone decides: quick, and stricter")
    options = parser.parse_args(words)

    harmless = equivalents()
    found = [one for path in files(options.paths) for one in mutants_of(path) if one.key not in harmless]
    drawn = random.Random(options.seed).sample(found, min(options.number or len(found), len(found)))
    print(f"seed {options.seed}: {len(drawn)} of {len(found)} mutants", flush=True)

    survivors = []
    with tempfile.TemporaryDirectory(prefix="nmec-mutants-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", ".data", "__pycache__"))
        with postgres.running(Path(folder) / "postgres", throwaway=True):
            environment = os.environ | {"DATABASE_URL": postgres.url(Path(folder) / "postgres")}
            mirrors_of_all = sorted({one for mutant in drawn for one in near(mutant.path)})
            if mirrors_of_all and not _passes(mirrors_of_all, copy, environment):
                print(f"nothing is broken yet, and of these some fail: {' '.join(mirrors_of_all)}")
                return 2
            for mutant in drawn:
                noticed = notices(mutant, copy, environment, near_only=options.near)
                print(f"{noticed or 'SURVIVED':8} {mutant}", flush=True)
                survivors += [] if noticed else [mutant]

    print(f"{len(drawn) - len(survivors)} of {len(drawn)} noticed ({1 - len(survivors) / max(1, len(drawn)):.0%})")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
