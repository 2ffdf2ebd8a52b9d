"""`monitor evidence`: one case as a sealed bundle, and whether a bundle or the chain is whole."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import click

from monitor.commands.options import settings_of, with_settings
from monitor.evidence import bundle as bundles
from monitor.evidence import verify as verifying
from monitor.evidence.verify import Checked
from monitor.store import evidence as rows
from monitor.wiring import open_context


class CaseOrCommand(click.Group):
    """`monitor evidence 7` means `monitor evidence bundle 7`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "-h", "--help"):
            args = ["bundle", *args]
        return super().parse_args(ctx, args)


@click.group(cls=CaseOrCommand)
def evidence() -> None:
    """Evidence of a case as a sealed bundle, and whether it is whole (policy 9.4).

    \b
    monitor evidence CASE --out FILE      one case, by its number
    monitor evidence verify [FILE]        a bundle, or the service's own chain
    """


@evidence.command()
@click.argument("case", type=click.IntRange(min=1), required=False)
@click.option("--mention", type=click.IntRange(min=1), help="One mention instead of a case.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--to-read", is_flag=True, help="Without originals: pupils by their initials.")
@with_settings
def bundle(
    case: int | None,
    mention: int | None,
    out: Path,
    to_read: bool,
    directory: Path | None,
    sample: bool,
    database: str | None,
) -> None:
    """Write all that was captured of CASE to --out, a ZIP with a BagIt bag (RFC 8493)."""
    if (case is None) == (mention is None):
        raise click.UsageError("Give the number of a case, or --mention with that of a mention.")
    if to_read and case is None:
        raise click.UsageError("--to-read is for a case.")
    settings = settings_of(directory, is_sample=sample, database=database)
    by = getpass.getuser()
    with open_context(settings) as ctx:
        whole = (ctx.store, ctx.settings)
        try:
            made = (
                bundles.of_case(*whole, case, by=by, now=ctx.clock(), is_to_read=to_read)
                if case is not None
                else bundles.of_mention(*whole, mention or 0, by=by, now=ctx.clock())
            )
            bundles.write(out, made.body)
        except bundles.NothingToBundle as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        except OSError as error:
            click.echo(f"{out} cannot be written: {error.strerror}.", err=True)
            sys.exit(1)
    if made.missing:
        click.echo(made.missing, err=True)
    click.echo(f"Written to {out}. Its seal, to be kept elsewhere: {made.seal}")


@evidence.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True), required=False)
@click.option(
    "--certificates",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A PEM file with the roots of the timestamp service, to check who signed.",
)
@with_settings
def verify(
    file: Path | None,
    certificates: Path | None,
    directory: Path | None,
    sample: bool,
    database: str | None,
) -> None:
    """Check FILE, a bundle or the folder it was unpacked to; without FILE the service's own chain
    and every part of every capture. Exits 1 when a byte was changed, is missing or was added.

    A bundle is checked without configuration, database or network: its bytes, its seals, and that
    each timestamp (RFC 3161) is on the seal that it is handed out for.
    """
    roots = certificates.read_bytes() if certificates else b""
    found = _of_bundle(file, roots) if file else _of_store(directory, sample, database)
    for line in (*found.problems, *found.notes):
        click.echo(line)
    if found.problems:
        sys.exit(1)
    click.echo("It is whole: nothing was changed, is missing or was added.")


def _of_bundle(file: Path, roots: bytes) -> Checked:
    try:
        return verifying.checked(file, roots)
    except verifying.NoBundle as error:
        return Checked(problems=(f"That is no bundle. {error}",), notes=())
    except ValueError:
        raise click.UsageError("--certificates holds no certificate in PEM.") from None


def _of_store(directory: Path | None, sample: bool, database: str | None) -> Checked:
    settings = settings_of(directory, is_sample=sample, database=database)
    with open_context(settings) as ctx, ctx.store.read() as tx:
        fault = rows.verify(tx)
    said = (f"Seal {fault.number} does not hold: {fault.what}.",) if fault else ()
    return Checked(problems=said, notes=())
