"""What holds for all tests."""

import os

import pytest

from tripartite.network.run import simulation


@pytest.fixture(autouse=True, scope="session")
def cores_are_shared_between_workers():
    """Threads of a network wait for each other in every step: two workers with two threads each stand still."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulation, "CORES", max(1, simulation.CORES // workers))
        yield
