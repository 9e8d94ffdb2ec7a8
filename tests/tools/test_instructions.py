"""The guard of speed: what it says of counts beside their baseline, and that it never passes without one."""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "bench"))
import hot_paths  # noqa: E402
import instructions  # noqa: E402

BEFORE = {"jwks": 30_000, "code": 150_000}
DUMP = """\
positions: line
events: Ir Dr I1mr
ob=(1) /build/release/claviger
fn=(1) ours
12 100 30 8
+1 20 0 1
cob=(2) /usr/lib/libc.so.6
cfn=(2) malloc
calls=3 40
14 5000
15 7 2
ob=(2)
fn=(2)
40 5000
"""


def compared(now: dict[str, int]) -> tuple[bool, str]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        good = instructions.compare(now, BEFORE)
    return good, said.getvalue()


class Guard(unittest.TestCase):
    def test_as_before(self) -> None:
        self.assertTrue(compared({"jwks": 31_400, "code": 143_000})[0])

    def test_slower_by_more_than_a_twentieth(self) -> None:
        good, said = compared({"jwks": 31_600, "code": 150_000})
        self.assertFalse(good)
        self.assertIn("+5.3%  SLOWER", said)

    def test_faster_asks_for_a_new_baseline(self) -> None:
        good, said = compared({"jwks": 20_000, "code": 150_000})
        self.assertTrue(good)
        self.assertIn("--write", said)

    def test_a_path_that_came_or_went(self) -> None:
        self.assertFalse(compared({**BEFORE, "more": 1})[0])
        self.assertFalse(compared({"jwks": 30_000})[0])

    def test_no_baseline_for_this_compiler(self) -> None:
        with mock.patch.object(instructions, "compiler", return_value="another compiler"), \
                mock.patch.object(sys, "argv", ["instructions"]), self.assertRaises(SystemExit) as refused:
            instructions.main()
        self.assertIn('./dev bench instructions --write "', str(refused.exception))

    def test_what_a_callee_spends_is_its_own(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "dump")
            file.write_text(DUMP, encoding="utf-8")
            self.assertEqual(hot_paths.self_cost(file), {"claviger": 127, "libc.so.6": 5000})
            self.assertEqual(hot_paths.self_cost(file, ("Dr", "I1mr"))["claviger"], 41)

    def test_a_file_that_counts_nothing_is_no_saving(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "dump")
            file.write_text(DUMP.replace("events", "sorts"), encoding="utf-8")
            self.assertRaises(SystemExit, hot_paths.self_cost, file)


if __name__ == "__main__":
    unittest.main()
