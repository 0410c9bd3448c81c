"""How gunicorn serves the application."""

import os

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 30  # seconds until a worker that says nothing is replaced
graceful_timeout = 8  # seconds for the requests that run at SIGTERM; Docker waits for ten
accesslog = "-"
worker_tmp_dir = "/dev/shm"  # noqa: S108 - in memory, where the disk is read-only
control_socket_disable = True
