"""The databases the sender is tried on: those of the storage exam."""

import pytest
from tests.storage.conftest import _postgres, _sqlite


@pytest.fixture(params=[_sqlite, _postgres], ids=["sqlite", "postgres"])
async def store(request, tmp_path):
    opened = await request.param(tmp_path)
    yield opened
    await opened.close()
