"""What a machine cannot try is said loudly and counted, never passed over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]


def test_a_peer_that_is_not_installed_is_counted_at_the_end(pytester: pytest.Pytester) -> None:
    ours = (Path(__file__).parent / "conftest.py").read_text(encoding="utf-8")
    hook = ours[ours.index("UNTESTED = ") :]
    pytester.makeconftest(f"from collections import Counter\nimport pytest\n{hook}")
    pytester.makepyfile(
        "import pytest\n"
        "def test_one(): pytest.skip('NOT TESTED: no Dovecot')\n"
        "def test_two(): pytest.skip('NOT TESTED: no Dovecot')\n"
        "def test_other(): pytest.skip('a soak')\n"
    )
    said = pytester.runpytest_inprocess("-p", "no:cacheprovider").stdout.str()
    assert "2 tests NOT TESTED here" in said
    assert "2 x NOT TESTED: no Dovecot" in said
    assert "a soak" not in said
