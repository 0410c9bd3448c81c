"""The stand-in for a cluster, without a container: what nginx is told, what is asked of a port."""

import http.server
import threading
from pathlib import Path

import pytest


@pytest.fixture
def pods(monkeypatch):
    """The listing, found as Python finds it."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import pods

    return pods


@pytest.fixture
def service(pods, tmp_path):
    """A service that has been started nowhere."""
    made = object.__new__(pods.Service)
    made.mark, made.room, made.pods = "rehearsal-0", tmp_path, ["pod-1", "pod-2"]
    return made


def test_nginx_is_told_of_each_pod_that_there_is(service, tmp_path):
    """And of no other, from the moment a pod is forgotten."""
    service.configure()
    both = (tmp_path / "nginx.conf").read_text(encoding="utf-8")
    service.pods.remove("pod-1")
    service.configure()
    one = (tmp_path / "nginx.conf").read_text(encoding="utf-8")

    assert (both.count("server pod-"), one.count("server pod-")) == (2, 1)
    assert "server pod-2:8000 max_fails=0;" in one


def test_a_port_that_does_not_answer_has_no_status(pods, free_port):
    """Zero is none of HTTP's."""
    assert pods.status(free_port, "/livez") == 0


def test_a_port_that_answers_has_a_status(pods):
    """Whatever it is."""
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.handle_request).start()

        assert pods.status(server.server_port, "/livez") == 501


def test_a_docker_that_fails_says_why(pods, monkeypatch, tmp_path):
    """In its own words."""
    (tmp_path / "docker").write_text("#!/bin/sh\necho no such image >&2\nexit 1\n")
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    with pytest.raises(RuntimeError, match="docker run: no such image"):
        pods.docker("run", "none")


@pytest.fixture
def free_port():
    """A port on which nothing listens."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
