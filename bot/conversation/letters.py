"""What the messaging channels hold of the person of a conversation goes when the conversation is erased.

Channels know people by a keyed hash, and hold messages on their way, encrypted. A person has one conversation at a
time, so what is on its way to them belongs to it. A message that they sent and that nobody answered yet is not part
of it: it is left to be answered, and its content goes then.
"""

from sqlalchemy import Connection, delete, select, update

from bot.conversation.migrate import tables

NOBODY = ""
"""In place of the hash of a person: the mark of an answered message stays, so that it is not answered twice."""


def forget_letters(connection: Connection, ids: list[str]) -> None:
    """Forget the people of these conversations and all that was on its way to them, in the caller's transaction."""
    known = (
        tables().metadata.tables
    )  # by name: the channels are built on this package, not the other way round
    person, inbox, outbox = (known[f"channel_{name}"] for name in ("person", "inbox", "outbox"))
    found = select(person.c.lookup).where(person.c.conversation_id.in_(ids))
    people = list(connection.execute(found).scalars())
    if not people:
        return
    connection.execute(delete(outbox).where(outbox.c.person.in_(people)))
    answered = update(inbox).where(inbox.c.person.in_(people), ~inbox.c.waiting)
    connection.execute(answered.values(person=NOBODY, body=None))
    connection.execute(delete(person).where(person.c.lookup.in_(people)))
