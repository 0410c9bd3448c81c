"""Queries and mutations on zoos."""

import graphene

from app import model, types
from app.engine import auth, db, mutations
from app.schema import lists

ZooOrder = lists.order("ZooOrder")


class ZooFilter(lists.NamedFilter):
    """Which zoos a list holds: those of which all of this is true."""


class Query(graphene.ObjectType):
    """What can be read about zoos."""

    zoos = lists.field("app.types.ZooConnection", "All zoos.", ZooOrder, ZooFilter)

    @staticmethod
    def resolve_zoos(root, info, **arguments):
        """Return a page of zoos."""
        return lists.page(info, model.Zoo, **arguments)


class ZooPayload:
    """What the mutations on one zoo answer."""

    zoo = graphene.Field(types.Zoo, description="The zoo as it is now.")


class CreateZoo(ZooPayload, mutations.Mutation):
    """Open a zoo of yours."""

    class Input:
        name = graphene.String(required=True, description="1 to 100 characters.")

    @staticmethod
    def mutate_and_get_payload(root, info, name):
        """Store a new row and return it."""
        zoo = model.Zoo(name=name, owner_id=auth.member().id)
        db.session.add(zoo)
        db.session.commit()
        return CreateZoo(zoo=zoo)


class UpdateZoo(ZooPayload, mutations.Mutation):
    """Rename a zoo of yours."""

    class Input:
        id = graphene.ID(required=True, description="Which zoo.")
        name = graphene.String(required=True, description="1 to 100 characters.")

    @staticmethod
    def mutate_and_get_payload(root, info, id, name):
        """Change the row and return it."""
        zoo = auth.owned(model.Zoo, id, "id", auth.member())
        zoo.name = name
        db.session.commit()
        return UpdateZoo(zoo=zoo)


class DeleteZoo(mutations.Mutation):
    """Close a zoo of yours for good; its animals stay yours, without a zoo."""

    class Input:
        id = graphene.ID(required=True, description="Which zoo.")

    deleted_id = graphene.ID(description="The id that nothing has any more.")

    @staticmethod
    def mutate_and_get_payload(root, info, id):
        """Delete the row and return its id."""
        db.session.delete(auth.owned(model.Zoo, id, "id", auth.member()))
        db.session.commit()
        return DeleteZoo(deleted_id=id)


class TransferZoo(ZooPayload, mutations.Mutation):
    """Give a zoo of yours to another user, with the animals that live in it; nobody is asked."""

    class Input:
        zoo_id = graphene.ID(required=True, description="Which zoo.")
        user_id = graphene.ID(required=True, description="Whose it is from now on.")

    @staticmethod
    def mutate_and_get_payload(root, info, zoo_id, user_id):
        """Change the owner of the zoo and of its animals; return the zoo."""
        member = auth.member()
        user = auth.found(model.User, user_id, "userId")
        zoo = auth.owned(model.Zoo, zoo_id, "zooId", member)
        zoo.transfer_to(user)
        db.session.commit()
        return TransferZoo(zoo=zoo)


class Mutation(graphene.ObjectType):
    """What can be changed about zoos."""

    create_zoo = CreateZoo.Field(description=CreateZoo.__doc__)
    update_zoo = UpdateZoo.Field(description=UpdateZoo.__doc__)
    delete_zoo = DeleteZoo.Field(description=DeleteZoo.__doc__)
    transfer_zoo = TransferZoo.Field(description=TransferZoo.__doc__)
