"""The ids that a portal draws."""

import uuid

from mockserver.controllers.acting import _guid


def test_a_drawn_id_is_a_random_guid_as_dotnet_writes_it() -> None:
    drawn = {_guid() for _ in range(2000)}
    assert len(drawn) == 2000
    for text in drawn:
        guid = uuid.UUID(text)
        assert (guid.version, guid.variant, str(guid)) == (4, uuid.RFC_4122, text)
    assert {text[19] for text in drawn} == set("89ab")
