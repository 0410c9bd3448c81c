"""Ask 130 times from one address, and pretend each time to have another."""

from collections import Counter

from machines import asked, machines

HEADER = "X_Forwarded_For"
QUERY = {"query": "{ me { id } }"}

with machines() as [port]:
    statuses = [asked(port, QUERY, **{HEADER: f"198.51.100.{n}"})[0] for n in range(130)]
for status, count in sorted(Counter(statuses).items()):
    print(f"{count} times {status}")
