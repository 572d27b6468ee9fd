"""Numbers and names as the page says them."""

import pytest

from tallgrass_models.report.page.language import listed, shorten
from tallgrass_models.report.page.words import duration, interval, ranks
from tallgrass_models.wording.numbers import number, signed

pytestmark = pytest.mark.usefixtures("no_pictures")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (number(-1234.567), "−1,234.57"),
        (number(-0.001), "0.00"),
        (number(None), "–"),
        (signed(2.0), "+2.00"),
        (signed(-2.0), "−2.00"),
        (signed(0.001), "0.00"),
        (interval(-1.0, 2.5), "−1.00 to 2.50"),
        (ranks(3.0, 3.0), "3"),
        (ranks(1.0, 9.0), "1–9"),
        (duration(59.9), "59.9 s"),
        (duration(71.4), "1 min 11 s"),
        (duration(7260), "2 h 1 min"),
        (shorten("a\n b" * 30, 5), "a ba…"),
        (str(listed(["a", "<b>", "c"])), "a, &lt;b&gt; and c"),
    ],
)
def test_words(shown: str, expected: str) -> None:
    assert shown == expected
