"""What an operator runs, `flask --app manage COMMAND`: one module a command."""

from app.commands import documents, load, post, seed, sweep, user

MODULES = (documents, load, post, seed, sweep, user)
