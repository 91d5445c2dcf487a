"""What holds for all tests."""

import gc
import os
from typing import Any

import pytest

from tripartite.interpret.kernels import cores

gc.set_threshold(100_000, 20, 20)  # by default, looking among all that stays for garbage takes a tenth of the time

COMPILED_TOGETHER = ("tests/laws/test_compiled.py", "tests/laws/test_integration.py", "tests/laws/test_ranges.py")
"""Files that run the same compiled kernels."""

LONGEST = ("tests/laws/", "tests/test_docs.py")
"""Where those files lie that take longest."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: a worker that gets one of them last keeps the others waiting."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish() -> None:
    """What stays until the end is never looked through for garbage again."""
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each file goes to one worker, so that nothing it shares is computed or compiled twice."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return COMPILED_TOGETHER[0] if file in COMPILED_TOGETHER else file

    config.option.loadscopereorder = False
    return Scheduling(config, log)


@pytest.fixture(autouse=True, scope="session")
def cores_are_shared_between_workers():
    """Threads of a network wait for each other in every step: two workers with two threads each stand still."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cores, "COUNT", max(1, cores.COUNT // workers))
        yield
