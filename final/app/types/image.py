"""How an image is shown."""

import graphene


class Image(graphene.ObjectType):
    """An image at a size, of which nothing is cut off."""

    url = graphene.String(required=True, description="Where it is; this address stays the same.")
    width = graphene.Int(required=True, description="In pixels.")
    height = graphene.Int(required=True, description="In pixels.")
