"""What all tests share."""

import signal
import xml.etree.ElementTree as ET

import hypothesis
import pytest

from tallgrass_models.report.page import svg

_PAINTED = svg._painted
hypothesis.settings.register_profile("any_machine", deadline=None)
hypothesis.settings.load_profile("any_machine")


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


@pytest.fixture(scope="module")
def no_pictures():
    """Pages whose pictures are empty: for tests of texts and tables, since drawing takes most of the time of a page."""

    def empty(drawing, width):
        return ET.Element("svg", {"viewBox": f"0 0 {width} 100"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(svg, "_painted", empty)
        yield


@pytest.fixture
def pictures(monkeypatch):
    """Pages with their pictures, in a module of pages without."""
    monkeypatch.setattr(svg, "_painted", _PAINTED)


@pytest.fixture(scope="module")
def browser():
    """Debian's chromium, running."""
    from browsing import running

    with running() as opened:
        yield opened


def pytest_collection_modifyitems(config, items):
    """Leave out what takes many minutes, unless ``-m`` asks for it or a test is named."""
    if "long" in config.option.markexpr or any("::" in argument for argument in config.args):
        return
    kept = [item for item in items if item.get_closest_marker("long") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
