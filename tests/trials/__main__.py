"""`python -m tests.trials`: a server soaked, killed and asked too much; what came of it, and exit code 1 if anything
was wrong.
"""

import argparse
import resource
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import Progress

from tests.trials import material
from tests.trials.loads import Loads
from tests.trials.overload import overload
from tests.trials.places import KINDS, Place, place
from tests.trials.serving import Servings
from tests.trials.soak import MOST, soak

EXAMPLES = """examples:
  make trials ARGS='soak'                                        five minutes, SQLite, one worker
  make trials ARGS='soak --database postgresql --workers 2'
  make trials ARGS='kills --rounds 100'                          of a stream, a folder and a server, a hundred each
  make trials ARGS='kills --what stream --rounds 5 --seed 7'     the moments of another seed
  make trials ARGS='overload --connections 2000'
"""

KILLS = ("stream", "folder", "server")


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.trials",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    trials = parser.add_subparsers(dest="trial", required=True, metavar="soak | kills | overload")
    soaking = trials.add_parser("soak", help="every answer right at full load, memory, files and threads flat")
    soaking.add_argument("--seconds", type=float, default=300, help="how long (300)")
    soaking.add_argument("--megabytes", type=float, default=MOST["megabytes"], help="how much more memory is none (8)")
    killing = trials.add_parser("kills", help="kill -9 in the middle of loading and of serving, the database whole")
    killing.add_argument("--what", choices=KILLS, action="append", help="only this; repeatable")
    killing.add_argument("--rounds", type=int, default=100, help="how many of each (100)")
    killing.add_argument("--statements", type=int, default=1_500, help="how large the stream is (1500)")
    killing.add_argument("--seed", type=int, default=1, help="another number kills at other moments (1)")
    flooding = trials.add_parser("overload", help="refusals, health checks and recovery when too much is asked")
    flooding.add_argument("--connections", type=int, default=2_000, help="how many ask without end (2000)")
    flooding.add_argument("--seconds", type=float, default=20, help="how long (20)")
    flooding.add_argument("--health-seconds", type=float, default=2, help="how long a health check may take (2)")
    for each in (soaking, flooding):
        each.add_argument("--workers", type=int, default=1, help="how many processes answer (1)")
    for each in (soaking, killing, flooding):
        each.add_argument("--database", choices=KINDS, default="sqlite", help="which kind (sqlite)")
    return parser.parse_args()


def main() -> None:
    """Try, tell, and exit with 1 if anything was wrong."""
    asked = arguments()
    # A connection is an open file at both ends.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with place(asked.database) as there, TemporaryDirectory(prefix="stancebase-trial-") as name:
        faults = {"soak": _soak, "kills": _kills, "overload": _overload}[asked.trial](asked, there, Path(name))
    for fault in faults:
        sys.stdout.write(f"WRONG: {fault}\n")
    sys.stdout.write("All was well.\n" if not faults else "")
    sys.exit(bool(faults))


def _soak(asked: argparse.Namespace, there: Place, folder: Path) -> list[str]:
    with _bar() as bar:
        task = bar.add_task("soak", total=asked.seconds)
        done = soak(
            there,
            folder,
            asked.workers,
            asked.seconds,
            MOST | {"megabytes": asked.megabytes},
            lambda over: bar.update(task, completed=over),
        )
    sys.stdout.write(
        f"{done.kind}, {done.workers} workers, {done.seconds:g} s: answers by status {dict(done.tally.answered)},"
        f" exports {dict(done.exports)}\n"
    )
    for course in done.courses:
        sys.stdout.write(f"  {course.name}: {course.mean:.1f}, rose by {course.rise:.1f} (limit {course.most:g})\n")
    return done.faults


def _kills(asked: argparse.Namespace, there: Place, folder: Path) -> list[str]:
    faults = []
    for what in asked.what or KILLS:
        own = folder / what
        own.mkdir()
        data = material.article(own) if what == "folder" else material.stream(own, asked.statements)
        rounds = (
            Servings(there, data, own, asked.seed) if what == "server" else Loads(there, what, data, own, asked.seed)
        )
        seen: Counter[str] = Counter()
        with _bar() as bar:
            try:
                for each in bar.track(rounds.rounds(asked.rounds), total=asked.rounds, description=what):
                    seen[f"{each.how}, {'in the middle' if each.killed else 'at the end'}: {each.found}"] += 1
            except AssertionError as error:
                faults.append(str(error))
        sys.stdout.write(f"{asked.database} {what}, seed {asked.seed}: {sum(seen.values())} rounds {dict(seen)}\n")
    return faults


def _overload(asked: argparse.Namespace, there: Place, folder: Path) -> list[str]:
    done = overload(there, folder, asked.workers, asked.connections, asked.seconds, asked.health_seconds)
    health = done.health
    p50, p99 = (health[int(share * (len(health) - 1))] for share in (0.5, 0.99))
    sys.stdout.write(
        f"{done.kind}, {done.workers} workers: {done.capacity:.0f} answers/s to few; to {done.connections} connections"
        f" {done.answered:.0f} answers/s and {done.shed:.0f} refusals/s; {len(health)} health checks, p50 {p50:.3f} s,"
        f" p99 {p99:.3f} s, longest {health[-1]:.3f} s; recovered in {done.recovered:.3f} s\n"
    )
    return done.faults


def _bar() -> Progress:
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


if __name__ == "__main__":
    main()
