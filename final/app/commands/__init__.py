"""What an operator runs, `flask --app manage COMMAND`: one module a command."""

from app.commands import load, post, seed, sweep, user

MODULES = (load, post, seed, sweep, user)
