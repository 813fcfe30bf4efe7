"""The command line: ``plaudit COMMAND``; what each command does stands in ``commands/``."""

import click

from plaudit import __version__
from plaudit.commands.environments import environment
from plaudit.commands.import_events import import_events
from plaudit.commands.keys import key
from plaudit.commands.maintain import migrate, verify
from plaudit.commands.members import member
from plaudit.commands.serve import demo_command, serve_command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="plaudit")
def main() -> None:
    """Achievements and badges for any app, from one server you run yourself.

    Settings come from PLAUDIT_* environment variables, over a TOML file named by --config or
    PLAUDIT_CONFIG, over defaults: the database is sqlite:plaudit-data/plaudit.db.
    """


for command in (serve_command, migrate, environment, key, member, import_events, verify, demo_command):
    main.add_command(command)
