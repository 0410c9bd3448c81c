"""What may stand before final/: one rate in all places; the clouds' are read here, and not run."""

import re

import hcl2
import yaml

from tools.steps import FINAL

EDGE = FINAL.folder / "edge"
RATE = 30  # requests a second from one address


def test_all_edges_take_as_much():
    """nginx, the Ingress, Cloud Armor in a minute, Cloudflare in ten seconds."""
    nginx = (FINAL.folder / "nginx" / "nginx.conf").read_text("utf-8")
    ingress = yaml.safe_load((FINAL.folder / "k8s/components/edge/ingress.yaml").read_text("utf-8"))
    noted = ingress["metadata"]["annotations"]
    armor = hcl2.loads((EDGE / "cloud-armor.tf").read_text("utf-8"))
    cloudflare = hcl2.loads((EDGE / "cloudflare.tf").read_text("utf-8"))
    [policy] = [body['"edge"'] for one in armor["resource"] for body in one.values()]
    [ruleset] = [body['"edge"'] for one in cloudflare["resource"] for body in one.values()]
    [armored] = [
        rule["rate_limit_options"][0] for rule in policy["rule"] if rule["priority"] == 1000
    ]
    [limited] = [rule["ratelimit"] for rule in ruleset["rules"]]

    assert re.search(r"zone=requests:10m rate=(\d+)r/s;", nginx)[1] == str(RATE)
    assert noted["nginx.org/limit-req-rate"] == f"{RATE}r/s"
    assert f"burst={noted['nginx.org/limit-req-burst']} nodelay" in nginx
    [threshold] = armored["rate_limit_threshold"]
    assert threshold["count"] / threshold["interval_sec"] == RATE
    assert limited["requests_per_period"] / limited["period"] == RATE


def test_a_policy_linter_finds_nothing_in_cloud_armor(policy_report):
    """Checkov knows Google's resources."""
    report = policy_report(EDGE / "cloud-armor.tf", "terraform")

    assert report["results"]["failed_checks"] == []
    assert report["summary"]["passed"] >= 1
    assert report["summary"]["parsing_errors"] == 0
