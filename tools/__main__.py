"""The one entry to the tools; each module brings its own command."""

import click

from tools import (
    attacks,
    audit,
    carry,
    check,
    differences,
    doctor,
    lint,
    lock,
    pictures,
    record,
    reference,
    run,
    site,
    suite,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run, test, record and compare the steps of the tutorial."""


for command in (
    attacks.command,
    audit.command,
    carry.command,
    check.command,
    differences.command,
    doctor.command,
    lint.command,
    lock.command,
    pictures.command,
    record.command,
    reference.command,
    run.command,
    site.command,
    suite.command,
):
    main.add_command(command)

main(prog_name="python -m tools")
