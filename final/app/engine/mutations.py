"""Mutations as Relay has them: one input, and an answer that repeats what the client sent along."""

from graphene import relay

from app.engine import limits


class Mutation(relay.ClientIDMutation):
    """A mutation whose `mutate_and_get_payload` is given its own arguments and no other."""

    class Meta:
        abstract = True

    @classmethod
    def mutate(cls, root, info, input):
        """Return the payload, with the client's id for this mutation; raise RateLimited."""
        given = {name: value for name, value in input.items() if name != "client_mutation_id"}
        limits.count_mutation(info.field_name, given)
        payload = cls.mutate_and_get_payload(root, info, **given)
        payload.client_mutation_id = input.get("client_mutation_id")
        return payload
