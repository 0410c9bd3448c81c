"""The interim state of chapter 02 runs as the page says."""

import json
import subprocess
import sys
from pathlib import Path


def test_a_token_is_read_without_its_key():
    """Three parts: how it is signed, what it says, and the signature."""
    script = Path(__file__).with_name("claims.py")

    printed = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)

    header, claims, signature = printed.stdout.replace("}\n", "}\n\n").split("\n\n")
    said = json.loads(claims)
    assert json.loads(header) == {"alg": "HS256", "typ": "JWT"}
    assert (said["sub"], said["type"], said["exp"] - said["iat"]) == ("1", "access", 15 * 60)
    assert signature == "43 characters of signature\n"
