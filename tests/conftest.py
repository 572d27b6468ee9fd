"""What all tests share."""

import signal

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_sampler_slots(tmp_path_factory):
    """Tests neither wait for fits that run on this machine nor hold them up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TALLGRASS_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _children_hear_ctrl_c():
    """What a shell script starts in the background ignores Ctrl-C, and so would all that such a test run starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
