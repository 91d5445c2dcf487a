"""Every number of the table is tested."""

import re
from pathlib import Path

from tests.published import TABLE


def test_every_number_of_the_table_is_checked_by_a_test() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py")))
    checked = set(re.findall(r'"([\w.]+)"', written))
    assert set(TABLE) - checked == set()
