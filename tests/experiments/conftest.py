"""What every test file of an experiment needs."""

import pytest
import xarray as xr

from .verdicts import quick


@pytest.fixture(scope="module")
def data(request: pytest.FixtureRequest) -> xr.Dataset:
    """The data of the file's ``EXPERIMENT`` in quick mode, run once a file."""
    return quick(request.module.EXPERIMENT)
