"""Keys of the parties of the wire, made once."""

import pytest

from network.wires import OTHER_TOWN, PREFECTURE, TOWN, Nation


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    """A prefecture, its town, and a town that is not connected to it."""
    one = Nation(tmp_path_factory.mktemp("nation"))
    for party in (TOWN, OTHER_TOWN, PREFECTURE):
        one.give(party)
    return one
