"""Ask for as much as one request may, until it is too much; tell what that has cost."""

from machines import asked, machines

INNER = "animals(first: 37) { nodes { name } }"
QUERY = {"query": f"{{ zoos(first: 50) {{ nodes {{ name {INNER} }} }} }}"}

costs = []
with machines() as [port]:
    status, answer = asked(port, QUERY)
    while status == 200 and "errors" not in answer:
        costs.append(answer["extensions"]["cost"])
        status, answer = asked(port, QUERY)
print(f"answered: {len(costs)}, each for {costs[0]}, together {sum(costs)}")
print(f"the next: {status} {answer['errors'][0]['extensions']['code']}")
