"""Snapshots as trees of a throw-away git repository, which merges them three-way."""

import os
import subprocess
from pathlib import Path

from tools import steps
from tools.steps import Problem

WHO = ("-c", "user.name=carry", "-c", "user.email=carry@localhost", "-c", "core.autocrlf=false")


class Store:
    """A repository that holds snapshots by the ids of their trees."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not folder.is_dir():
            self.git("init", "--quiet", "--bare", str(folder))

    def git(self, *arguments: str, work: Path | None = None, given: str = "") -> str:
        """Run git on this repository, on the files of `work`; return what it printed."""
        environment = {**os.environ, "GIT_DIR": str(self.folder)}
        if work:
            environment["GIT_WORK_TREE"] = str(work.resolve())
        command = ["git", *WHO, *arguments]
        done = subprocess.run(
            command, cwd=work, env=environment, input=given, capture_output=True, text=True
        )
        if done.returncode:
            raise Problem(f"git {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout

    def keep(self, folder: Path) -> str:
        """Return the tree of a folder's files: what git would commit of them, no more."""
        self.git("read-tree", "--empty")
        listed = ("--pathspec-from-file=-", "--pathspec-file-nul")
        if names := steps.files(folder):
            self.git("add", "--force", *listed, work=folder, given="\0".join(names))
        return self.git("write-tree").strip()

    def lay(self, tree: str, folder: Path) -> None:
        """Turn a folder into a tree; what git ignores stays as it is."""
        folder.mkdir(parents=True, exist_ok=True)
        wanted = set(self.git("ls-tree", "-r", "-z", "--name-only", tree).split("\0"))
        for name in set(steps.files(folder)) - wanted:
            (folder / name).unlink()
            for parent in (folder / name).parents:
                if parent == folder or any(parent.iterdir()):
                    break
                parent.rmdir()
        self.git("read-tree", tree)
        self.git("checkout-index", "--all", "--force", work=folder)

    def merge(
        self, base: str, ours: tuple[str, str], theirs: tuple[str, str]
    ) -> tuple[str, list[str]]:
        """Return the merged tree and its conflicts; ours and theirs are (label, tree)."""
        root = self.git("commit-tree", base, "-m", "base").strip()
        for label, tree in (ours, theirs):
            commit = self.git("commit-tree", tree, "-p", root, "-m", label).strip()
            self.git("update-ref", f"refs/heads/{label}", commit)
        merged = subprocess.run(
            ["git", "merge-tree", "-z", "--name-only", "--no-messages", ours[0], theirs[0]],
            env={**os.environ, "GIT_DIR": str(self.folder)},
            capture_output=True,
            text=True,
        )
        if merged.returncode not in (0, 1):
            raise Problem(f"git merge-tree failed (it needs git 2.38): {merged.stderr.strip()}")
        tree, *conflicts = merged.stdout.rstrip("\0").split("\0")
        return tree, conflicts

    def committed(self, folder: Path, revision: str) -> str:
        """Return the tree of a folder as a commit of its own repository has it."""
        found = []
        for asked in (
            ["--verify", f"{revision}:./"],
            ["--path-format=absolute", "--git-common-dir"],
        ):
            command = ["git", "rev-parse", *asked]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            if done.returncode:
                raise Problem(f"{folder.name} is not in {revision}: {done.stderr.strip()}")
            found.append(done.stdout.strip())
        tree, repository = found
        borrowed = self.folder / "objects" / "info" / "alternates"
        borrowed.write_text(f"{repository}/objects\n", encoding="utf-8")
        return tree
