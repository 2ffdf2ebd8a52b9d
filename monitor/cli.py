"""The command line: `monitor --help`. One command is one file in `monitor.commands`.

Commands are imported when they are called, so that `--help` answers at once although the
service itself needs a language model, a database and a web server.

Exit codes: 0 done, 1 done with failures that were reported, 2 wrong use or configuration.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version

import click

from config.errors import ConfigError
from monitor import logs
from monitor.store.errors import StoreError

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("monitor.commands.init:init", "First-run set-up: ten minutes, can be interrupted."),
    "run": ("monitor.commands.run:run", "The whole service in one process."),
    "worker": ("monitor.commands.worker:worker", "One part: does what the scheduler orders."),
    "scheduler": ("monitor.commands.scheduler:scheduler", "One part: orders what is due."),
    "stream": ("monitor.commands.stream:stream", "One part: everybody's posts, for many trusts."),
    "web": ("monitor.commands.web:web", "One part: the console."),
    "poll": ("monitor.commands.poll:poll", "Ask one source, or all that are due, now."),
    "sources": ("monitor.commands.sources:sources", "Every source and when it was last read."),
    "classify": ("monitor.commands.classify:classify", "Posts in, assessments out; no database."),
    "import": ("monitor.commands.import_:import_", "Take a file into the review queue."),
    "thresholds": ("monitor.commands.thresholds:thresholds", "What other thresholds would do."),
    "learn": ("monitor.commands.learn:learn", "Learn from decisions which school is meant."),
    "digest": ("monitor.commands.digest:digest", "Show or send one digest."),
    "route": ("monitor.commands.route:route", "Who would be told of a post, and why."),
    "selfcheck": ("monitor.commands.selfcheck:selfcheck", "Staff: check your own presence."),
    "doctor": ("monitor.commands.doctor:doctor", "Check the set-up and say what to mend."),
    "break-glass": (
        "monitor.commands.break_glass:break_glass",
        "One administrator for when nobody can sign in.",
    ),
    "evidence": ("monitor.commands.evidence:evidence", "A case as a sealed bundle; verify one."),
    "retention": ("monitor.commands.retention:retention", "Forget what was kept for its time."),
    "board": ("monitor.commands.board:board", "The termly report to the board, small numbers out."),
    "notices": ("monitor.commands.notices:notices", "DPIA draft, privacy notice, what we monitor."),
    "subject-access": (
        "monitor.commands.subject_access:subject_access",
        "All that is held about a person who asks.",
    ),
    "accounts": ("monitor.commands.accounts:show", "The Trust's official accounts; no password."),
    "backup": ("monitor.commands.backup:backup", "A copy that says when it expires."),
    "db": ("monitor.commands.db:db", "Move an installation to another database."),
    "audit": ("monitor.commands.audit:audit", "Verify the record of who did what."),
    "bench": ("monitor.commands.bench:bench", "The benchmarks, as ratios in one run."),
}


class LazyGroup(click.Group):
    """Knows its commands by name; imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Try it without any set-up: monitor run --sample. "
    "Each command explains itself: monitor COMMAND --help.",
)
@click.version_option(version("trust-monitor"), prog_name="Trust Monitor")
def cli() -> None:
    """Tells a multi-academy trust what the public internet says about it and its schools.

    It collects public mentions, flags what may be damaging, bullying or unsafe, tells the
    right people, and leaves every decision to them. It never replies to a post.
    """
    logs.configure()


def main() -> None:
    """Run the command line; what a person can mend is told in words, without a traceback."""
    try:
        cli()
    except ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except StoreError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
