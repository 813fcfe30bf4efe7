"""What the proofs of crashes share."""

import pytest


@pytest.fixture(scope="module")
def armed(tmp_path_factory):
    """The file that names the point at which the server is to end."""
    return tmp_path_factory.mktemp("armed") / "point"
