"""`make bench` measures; what was measured last keeps what chapter 13 says."""

import json
import subprocess
import sys

from tools import postgres, steps
from tools.pictures import PICTURES

SCRIPT = steps.FINAL.folder / "benchmarks" / "floods.py"
REPORT = json.loads(SCRIPT.with_suffix(".json").read_text(encoding="utf-8"))


def test_people_and_attackers_ask_final_and_are_counted(needs, tmp_path):
    """For two seconds: people are answered, and the attacker is told to come again later."""
    needs(postgres.docker_answers(), "Docker does not answer")
    report = tmp_path / "floods.json"
    options = ["--seconds", "2", "--only", "requests", "--stack", "final", "--to", report]

    subprocess.run([sys.executable, SCRIPT, "measure", *options], check=True)

    final = json.loads(report.read_text(encoding="utf-8"))["final"]
    assert set(final) == {"rest", "requests"}
    assert final["rest"]["asked"] > 20
    assert final["rest"]["failed"] == 0
    assert final["requests"]["attacker"]["429"] > 100


def test_in_final_nobody_asked_in_vain():
    """And under an attack from one address one in a hundred waited three times as long at most."""
    final, unprotected = REPORT["final"], REPORT["step 10"]

    assert set(final) == set(unprotected) >= {"rest", "spread", "logins"}
    assert not any(told["failed"] for told in final.values())
    in_vain = [name for name, told in unprotected.items() if told["failed"] > told["asked"] / 2]
    assert len(in_vain) == 4
    at_rest = final["rest"]["one_in"]["100"]
    for name in final.keys() - {"rest"}:
        longest = final[name]["one_in"]["100"]
        assert longest < unprotected[name]["one_in"]["100"]
        assert longest < (600 if name == "spread" else 3 * at_rest)


def test_the_plot_is_drawn_from_the_report():
    """And from no other."""
    picture = json.loads((PICTURES / "13-waiting.json").read_text(encoding="utf-8"))
    told = subprocess.run([sys.executable, SCRIPT, "show", "plot"], capture_output=True, check=True)
    assert picture == json.loads(told.stdout)


def test_memory_stayed_within_a_fifth_for_ten_minutes():
    """Of each process, under documents that nobody had sent before."""
    memory = REPORT["memory"]

    assert memory["minutes"] >= 10
    assert memory["before"].keys() == memory["after"].keys()
    for number, before in memory["before"].items():
        assert abs(memory["after"][number] / before - 1) <= 0.2
