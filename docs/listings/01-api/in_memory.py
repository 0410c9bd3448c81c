"""A GraphQL schema that answers from memory."""

import graphene


class Animal(graphene.ObjectType):
    """An animal in somebody's care."""

    id = graphene.Int(required=True)
    name = graphene.String(required=True)


class Query(graphene.ObjectType):
    """Everything that can be read."""

    animals = graphene.NonNull(graphene.List(graphene.NonNull(Animal)))

    @staticmethod
    def resolve_animals(root, info):
        """Return every animal, oldest first."""
        return [Animal(id=1, name="Otto"), Animal(id=2, name="Ada")]


print(graphene.Schema(query=Query).execute("{ animals { name } }").data)
