"""The script of the page sends what it says."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

SCRIPT = Path(__file__).with_name("upload.py")


def test_the_script_logs_in_and_sends_a_form():
    """With the header, the token, and a picture that says where it was taken."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        """Answer everything with a token."""

        def do_POST(self):
            """Note what came."""
            seen.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"data": {"login": {"accessToken": "T"}}}).encode())

        def log_message(self, *args):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    done = subprocess.run(
        [sys.executable, str(SCRIPT), f"http://127.0.0.1:{server.server_port}/graphql"],
        capture_output=True,
        text=True,
    )
    server.shutdown()
    thread.join()
    server.server_close()

    assert done.returncode == 0, done.stderr
    headers, body = seen[1]
    assert headers["Authorization"] == "Bearer T"
    assert headers["GraphQL-Preflight"] == "1"
    assert b"Exif" in body
    assert "(the image's bytes)" in done.stdout
