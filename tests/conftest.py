"""What all tests share."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_sampler_slots(tmp_path_factory):
    """Tests neither wait for fits that run on this machine nor hold them up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TALLGRASS_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield
