"""What may be asked of the API: each module brings its part."""

import graphene

from app.schema import animal, image, user, zoo


class Query(animal.Query, zoo.Query, user.Query):
    """Everything that can be read."""


class Mutation(image.Mutation, zoo.Mutation, animal.Mutation, user.Mutation):
    """Everything that can be changed."""


schema = graphene.Schema(query=Query, mutation=Mutation)
