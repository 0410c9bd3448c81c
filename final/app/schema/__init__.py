"""What may be asked of the API: each module brings its part."""

import graphene
import graphql

from app.schema import account, animal, image, node, password, user, zoo


class Query(node.Query, user.Query, animal.Query, zoo.Query):
    """Everything that can be read."""


class Mutation(account.Mutation, password.Mutation, image.Mutation, zoo.Mutation, animal.Mutation):
    """Everything that can be changed; what a mutation did can be read in its answer."""


def describe(schema: graphql.GraphQLSchema) -> None:
    """Say what Relay's own parts are for, which graphene leaves without a word."""
    for name, field in schema.mutation_type.fields.items():
        taken = field.args["input"]
        taken.description = taken.type.of_type.description = f"What `{name}` takes."
        for kind in (taken.type.of_type, field.type):
            kind.fields["clientMutationId"].description = "Any text; the answer has it again."


schema = graphene.Schema(query=Query, mutation=Mutation)
describe(schema.graphql_schema)
