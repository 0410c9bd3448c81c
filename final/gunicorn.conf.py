"""How gunicorn serves the application."""

import os
import shutil
import tempfile

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "worker.Worker"
threads = 4
worker_connections = 200  # that wait, or work; more of them wait outside
limit_request_line = 8190
limit_request_fields = 50
limit_request_field_size = 8190
timeout = 30  # seconds until a worker that says nothing is replaced
graceful_timeout = 8  # seconds for the requests that run at SIGTERM; Docker waits for ten
shared_memory = "/dev/shm"  # noqa: S108 - where the disk is read-only; a Mac has none
worker_tmp_dir = shared_memory if os.path.isdir(shared_memory) else None
control_socket_disable = True

# The app logs its requests itself, without the variables that an address may hold; what gunicorn
# has to say goes the same way.
logconfig_dict = {
    "formatters": {"generic": {"()": "app.engine.logs.formatter"}},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
    },
}

# Where the workers count, so that each can answer for all; its library looks once, when imported.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(dir=worker_tmp_dir)


def on_exit(server):
    """Leave nothing behind."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def child_exit(server, worker):
    """Forget what a worker held, and keep what it counted."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
