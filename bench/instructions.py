#!/usr/bin/env python3
"""./dev bench instructions: the guard of speed that is no clock.

Counts the instructions of each hot path under callgrind, in functions of our own binary alone (not in libc, OpenSSL or
SQLite, whose versions change without us), and holds them against bench/instructions.json. A count repeats to a part of
a percent whatever else the machine does; a compiler of another version makes other code, so each has its own baseline.
"""
import argparse
import datetime
import json
import pathlib
import subprocess
import sys

import hot_paths

BASELINE = pathlib.Path(__file__).with_suffix(".json")
TOLERANCE = 0.05
REQUESTS = 25
WINDOWS = 3  # the least of them counts: a timer of the server's may go off in one
WRITE = './dev bench instructions --write "the reason"'


def compiler():
    said = subprocess.run(["clang++-19", "--version"], capture_output=True, text=True, check=True).stdout
    return said.splitlines()[0]


def measure():
    """Instructions a request of our own functions, by path."""
    counted = hot_paths.Counted()
    try:
        return {path.name: cheapest(counted.count(path, REQUESTS, WINDOWS)) for path in hot_paths.PATHS}
    finally:
        counted.stop()


def cheapest(files):
    return round(min(hot_paths.self_cost(file)["claviger"] for file in files) / REQUESTS)


def read():
    return json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}


def write(counts, reason):
    known = read()
    known[compiler()] = {"date": datetime.date.today().isoformat(), "reason": reason, "instructions": counts}
    BASELINE.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def verdict(now, before):
    """What is said of one path, and whether it may stay."""
    if before is None:
        return "has no baseline", False
    change = now / before - 1
    if change > TOLERANCE:
        return f"{change:+.1%}  SLOWER than the {TOLERANCE:.0%} allowed", False
    if change < -TOLERANCE:
        return f"{change:+.1%}  faster: keep it so with {WRITE}", True
    return f"{change:+.1%}", True


def compare(counts, baseline):
    """Prints every path beside its baseline; whether all of them may stay."""
    good = counts.keys() == baseline.keys()
    for name, now in counts.items():
        before = baseline.get(name)
        text, fine = verdict(now, before)
        good = good and fine
        print(f"{name:20} {before or 0:>9} {now:>9}  {text}")
    for name in baseline.keys() - counts.keys():
        print(f"{name:20} {baseline[name]:>9}            is no longer measured")
    return good


def main():
    parser = argparse.ArgumentParser(prog="./dev bench instructions")
    parser.add_argument("--write", metavar="REASON", help="make what is counted now the baseline of this compiler")
    arguments = parser.parse_args()
    if arguments.write is not None and not arguments.write.strip():
        parser.error("a baseline changes for a reason")
    baseline = read().get(compiler())
    if baseline is None and not arguments.write:
        raise SystemExit(f"no baseline for {compiler()} in {BASELINE.name}; this writes it:\n  {WRITE}")
    counts = measure()
    good = compare(counts, baseline["instructions"] if baseline else {})
    if arguments.write:
        write(counts, arguments.write)
        print(f"written: {BASELINE}")
    elif not good:
        print(f"if that is meant, say why: {WRITE}")
        sys.exit(1)


if __name__ == "__main__":
    main()
