"""The gates in tools/, each in a small repository of its own: it passes when all is well and says what is wrong."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent.parent / "tools"

GOOD = {
    "ARCHITECTURE.md": "| folder | may include |\n|---|---|\n| `base` (also `Form`) | nothing |\n| `http` | `base` |\n",
    "src/base/text.hpp": "// What it is (RFC6749-4.1).\n#pragma once\n#include <string>\n",
    "src/http/server.cpp": '#include <boost/asio/post.hpp>\n#include "base/text.hpp"\nint f(int x) { return x; }\n',
    "tests/unit/base/text_test.cpp": "// RFC6749-4.1.3, RU-04\nTEST(Text, C5_9_asked) {}\n",
    "docs/reference/conformance.md": "| C5.9 | a requested authentication context is answered with one that was requested | `unit/base/text_test.cpp` |\n",
    "docs/reference/attacks.md": "| RU-04 | userinfo confuses two parsers; refused at registration and at use | `unit/base/text_test.cpp` |\n",
    "tools/size_ratchet.txt": "",
    "tests/mutants/one.toml": 'why="w"\nfile="src/http/server.cpp"\nfind="return x;"\nreplace="return 1;"\ntarget="t"\nfilter="*"\n',
}


class Gates(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(TOOLS, self.folder / "tools", ignore=shutil.ignore_patterns("__pycache__", "dev"))
        for name, text in GOOD.items():
            self.put(name, text)
        subprocess.run(["git", "init", "-q"], cwd=self.folder, check=True)
        self.tool("spec_index", "--write")

    def put(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def tool(self, name: str, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(["tools/" + name, *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def assert_found(self, tool: str, text: str, *arguments: str) -> None:
        code, output = self.tool(tool, *arguments)
        self.assertEqual(code, 1, output)
        self.assertIn(text, output)

    def test_all_is_well(self) -> None:
        for tool, arguments in {"layers": [], "sizes": [], "lints": [], "spec_index": [], "explained": [], "mutants": ["--fit"]}.items():
            code, output = self.tool(tool, *arguments)
            self.assertEqual(code, 0, f"{tool}: {output}")

    def test_a_layer_that_is_not_below(self) -> None:
        self.put("src/base/text.hpp", '#include "http/server.hpp"\n')
        self.assert_found("layers", 'base may not include "http/server.hpp"')

    def test_a_folder_without_a_row(self) -> None:
        self.put("src/extra/a.cpp", '#include "base/text.hpp"\n')
        self.assert_found("layers", "extra stands in no row")

    def test_a_header_away_from_home(self) -> None:
        self.put("src/http/server.cpp", "#include <openssl/evp.h>\n#include <unheard/of.hpp>\n")
        self.assert_found("layers", "<openssl/evp.h> has its home in")
        self.assert_found("layers", "<unheard/of.hpp> has no home")

    def test_banned_words_count_in_code_only(self) -> None:
        self.put("src/base/a.cpp", '// strcpy(a, b)\nconst char* text = "strcpy(a, b)";\n')
        self.assertEqual(self.tool("lints")[0], 0)
        self.put("src/base/a.cpp", "void f() { strcpy(a, b); }\n")
        self.assert_found("lints", "src/base/a.cpp:1: strcpy(")

    def test_unescaped_templates_and_skipped_tests(self) -> None:
        self.put("web/templates/a.mustache", "{{{name}}}")
        self.put("tests/unit/a.cpp", "void f() { GTEST_SKIP(); }\n")
        self.assert_found("lints", "web/templates/a.mustache:1: {{{")
        self.assert_found("lints", "a test that does not run")

    def test_a_long_function_and_a_generous_ratchet(self) -> None:
        long = "int g(int x) {\n" + "  ++x;\n" * 70 + "  return x;\n}\n"
        self.put("src/base/long.cpp", long)
        self.assert_found("sizes", "src/base/long.cpp:g: 73 lines, the limit is 60")
        self.put("tools/size_ratchet.txt", "73 src/base/long.cpp:g\n")
        self.assertEqual(self.tool("sizes")[0], 0)
        self.put("tools/size_ratchet.txt", "80 src/base/long.cpp:g\n")
        self.assert_found("sizes", "has shrunk from 80 to 73")

    def test_a_clause_without_a_test(self) -> None:
        self.put("src/base/a.cpp", "// RFC7636-4.6\n")
        self.tool("spec_index", "--write")
        self.assert_found("spec_index", "RFC7636-4.6 is named by no test")

    def test_a_stale_index(self) -> None:
        self.put("tests/unit/base/other_test.cpp", "// RFC6749-4.1.3\n")
        self.assert_found("spec_index", "is stale")

    def test_attacks_and_tests_name_each_other(self) -> None:
        self.put("tests/unit/base/other_test.cpp", "// RU-05\n")
        self.assert_found("explained", "RU-05 is not explained")
        self.put("tests/unit/base/text_test.cpp", "// nothing\n")
        self.assert_found("explained", "RU-04 has no test")

    def test_a_break_that_no_longer_fits(self) -> None:
        self.put("src/http/server.cpp", "int f(int x) { return x + 0; }\n")
        self.assert_found("mutants", "stands 0 times", "--fit")


LOG = """1/5 Testing: whole.1
Command: "test_whole"
[==========] Running 2 tests from 1 test suite.
[       OK ] Whole.one (0 ms)
printed without an end[       OK ] Whole.two (0 ms)
Test Passed.
"whole.1" end time: now
2/5 Testing: died.1
Command: "test_died"
[==========] Running 3 tests from 1 test suite.
[       OK ] Died.one (0 ms)
[ RUN      ] Died.two
Test Failed.
"died.1" end time: now
3/5 Testing: leaked.1
Command: "test_leaked"
[==========] Running 1 test from 1 test suite.
[       OK ] Leaked.one (0 ms)
Test Failed.
"leaked.1" end time: now
4/5 Testing: missing.1
Command: ""
Test Passed.
"missing.1" end time: now
5/5 Testing: fuzz.replay.form
Command: "fuzz_form"
Test Passed.
"fuzz.replay.form" end time: now
"""


class Counting(unittest.TestCase):
    def count(self, log: str) -> str:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write(log)
            file.flush()
            script = f". {TOOLS}/dev/test.sh; count_tests {file.name}"
            return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.strip()

    def test_who_does_not_come_to_the_end_failed(self) -> None:
        self.assertEqual(self.count(LOG), "5 4")

    def test_a_skipped_and_a_disabled_test_failed(self) -> None:
        skipped = LOG.replace("[       OK ] Whole.one", "[  SKIPPED ] Whole.one")
        self.assertEqual(self.count(skipped), "4 5")
        disabled = LOG.replace("Test Passed.", "  YOU HAVE 2 DISABLED TESTS\nTest Passed.", 1)
        self.assertEqual(self.count(disabled), "5 6")


if __name__ == "__main__":
    unittest.main()
