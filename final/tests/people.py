"""People who send GraphQL."""

from dataclasses import dataclass

from flask import Flask


@dataclass
class Person:
    """Somebody with an account and a session; sends GraphQL."""

    app: Flask
    id: str
    username: str
    tokens: dict[str, str]

    def gql(self, query, **variables):
        """Send an operation as this person; return its `data` and its errors' extensions."""
        return answered(self.app, query, variables, self.tokens["access_token"])


def answered(app, query, variables, token=None):
    """Send an operation; return its `data` and its errors' extensions."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body = {"query": query, "variables": variables}
    answer = app.test_client().post("/graphql", json=body, headers=headers).get_json()
    return answer.get("data"), [error["extensions"] for error in answer.get("errors", [])]
