"""scripts/cluster of step 09 and final/. kind and kubectl are stand-ins that write calls down."""

import http.server
import shutil
import subprocess
import threading

import pytest

from tools import steps

STEPS = (steps.find("09-k8s"), steps.FINAL)
STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >>"$RECORD"
case "$*" in *"$FAILS"*) exit 1 ;; esac
"""


@pytest.fixture(params=STEPS, ids=lambda step: step.name)
def cluster(request, tmp_path):
    """Run the script where its tools are stand-ins; return the exit code, its words, and theirs."""
    tools, record = tmp_path / "tools", tmp_path / "record"
    tools.mkdir()
    for name in ("docker", "kind", "kubectl"):
        (tools / name).write_text(STAND_IN, encoding="utf-8")
        (tools / name).chmod(0o755)
    for name in ("bash", "sh", "sed", "dirname", "basename", "tail", "curl"):
        (tools / name).symlink_to(shutil.which(name))

    def run(*arguments, fails="nothing at all", without="", **settings):
        if without:
            (tools / without).unlink()
        record.write_text("", encoding="utf-8")
        done = subprocess.run(
            [request.param.folder / "scripts" / "cluster", *arguments],
            env={"PATH": str(tools), "RECORD": str(record), "FAILS": fails, **settings},
            capture_output=True,
            text=True,
        )
        told = record.read_text(encoding="utf-8").splitlines()
        return done.returncode, done.stdout + done.stderr, told

    return run


def first(told, *words):
    """Return at which place a command with these words was given."""
    return next(n for n, line in enumerate(told) if all(word in line for word in words))


def test_deploy_migrates_before_it_replaces_a_pod(cluster):
    """Images, manifests, the job to its end, and only then new pods; the last job is removed."""
    status, _, told = cluster("deploy")

    assert status == 0
    order = [
        first(told, "docker build", "zoo:local"),
        first(told, "kind load", "zoo:local", "zoo-bucket:local", "postgres:18"),
        first(told, "delete job migration"),
        first(told, "apply", "k8s/overlays/local"),
        first(told, "wait", "job/migration"),
        first(told, "rollout restart"),
        first(told, "rollout status"),
    ]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("fails", "told_to_do"),
    [
        ("docker-image", "scripts/cluster up"),
        ("build --tag zoo:local", "The app's image could not be built"),
        ("apply", "did not take the manifests"),
        ("wait", "kubectl logs job/migration"),
        ("rollout status", "scripts/cluster status"),
    ],
)
def test_whatever_fails_ends_the_deployment_with_a_sentence(cluster, fails, told_to_do):
    """It says what to do, and does nothing more."""
    status, words, told = cluster("deploy", fails=fails)

    assert status == 1
    assert told_to_do in words
    assert fails in told[-1]


@pytest.mark.parametrize("tool", ["docker", "kind", "kubectl"])
def test_what_the_machine_lacks_is_named(cluster, tool):
    """Before anything is done."""
    status, words, told = cluster("deploy", without=tool)

    assert status == 1
    assert f"There is no {tool} on this machine." in words
    assert told == []


@pytest.mark.parametrize("arguments", [(), ("dance",), ("",)])
def test_an_unknown_word_is_answered_with_the_known_ones(cluster, arguments):
    """And nothing happens."""
    status, words, told = cluster(*arguments)

    assert status == 1
    assert "up, deploy, status, load or down" in words
    assert told == []


def test_help_says_what_each_word_does(cluster):
    """It is the comment on the script's top."""
    status, words, _ = cluster("--help")

    assert status == 0
    for word in ("up", "deploy", "status", "load", "down"):
        assert f"  {word} " in words


def test_up_status_and_down_are_for_this_cluster_alone(cluster):
    """No other cluster of the reader's is touched."""
    for word in ("up", "status", "down"):
        for line in cluster(word)[2]:
            assert "zoo" in line
            assert line.startswith("kind ") or "--context kind-zoo" in line


class Halting(http.server.BaseHTTPRequestHandler):
    """An API that fails every tenth request."""

    asked = 0

    def do_GET(self):
        """Say that it lives."""
        self.send_response(200)
        self.end_headers()

    def do_POST(self):
        """Answer, or fail."""
        self.rfile.read(int(self.headers["Content-Length"]))
        Halting.asked += 1
        self.send_response(503 if Halting.asked % 10 == 0 else 200)
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


def test_load_counts_what_failed(cluster):
    """Five hundred requests and no more, each of which has an answer or is counted."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Halting) as api:
        Halting.asked = 0
        threading.Thread(target=api.serve_forever).start()
        status, words, told = cluster("load", PORT=str(api.server_port))
        api.shutdown()

    assert (status, Halting.asked) == (0, 500)
    assert words.endswith("500 asked, 50 failed\n")
    assert f"port-forward service/api {api.server_port}:80" in told[0]
