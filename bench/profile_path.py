#!/usr/bin/env python3
"""./dev bench profile PATH: where the instructions of one request go, by library and by function.

With --misses, what keeps a processor from running them at its pace: fetches of code that a first-level cache of 32 KiB
doesn't hold, and branches that a simple predictor gets wrong, as callgrind simulates both.
"""
import argparse
import collections
import contextlib
import re

import hot_paths
import lab
import page

# What is on the stack of everything says nothing.
BENEATH = re.compile(r"boost::asio::detail::|std::thread|io_context|^start_thread\b|^clone|^\(below main\)|^main\b")


SIMULATE = ("--cache-sim=yes", "--I1=32768,8,64", "--branch-sim=yes")
EVENTS = {"instructions": ("Ir",), "code not in the cache": ("I1mr",), "branches guessed wrong": ("Bcm", "Bim")}


def count(paths, engine, requests, simulate=()):
    """Of each path: itself and callgrind's file of so many requests."""
    with contextlib.ExitStack() as stack:
        url = None
        if engine == "postgres":
            database = lab.Postgres()
            stack.callback(database.stop)
            url = database.url
        counted = hot_paths.Counted(url, simulate)
        stack.callback(counted.stop)
        for path in paths:
            (file,) = counted.count(path, requests)
            yield path, file


def short(name):
    """A function and its library without the folder."""
    function, _, library = name.rpartition(" [")
    return f"{function[:130]} [{library.rpartition('/')[2]}"


def print_path(path, file, arguments):
    libraries, functions = hot_paths.self_cost(file), hot_paths.inclusive(file)
    print(f"{path.name} on {arguments.store}: {libraries.total() // arguments.requests:,} instructions a request")
    for name, spent in libraries.most_common(10):
        print(f"{spent // arguments.requests:>11,}  {spent / libraries.total():>5.1%}  {name}")
    print("\nwith what they call:")
    shown = [row for row in functions if arguments.all or not BENEATH.search(row[1])]
    for spent, name in shown[:arguments.rows]:
        print(f"{spent // arguments.requests:>11,}  {spent / libraries.total():>5.1%}  {short(name)}")


def print_misses(path, file, arguments):
    counts = {name: hot_paths.self_cost(file, events) for name, events in EVENTS.items()}
    print(f"{path.name} on {arguments.store}, a request: "
          + ", ".join(f"{each.total() // arguments.requests:,} {name}" for name, each in counts.items()))
    print("".join(f"{name:>24}" for name in counts))
    for library, _ in counts["instructions"].most_common(6):
        print("".join(f"{each[library] // arguments.requests:>24,}" for each in counts.values()) + f"  {library}")


def table(paths, arguments, columns=6):
    """For docs/reference/performance.md: every path, thousands of instructions a request by library."""
    counted = [(path, hot_paths.self_cost(file)) for path, file in paths]
    total = sum((libraries for _, libraries in counted), collections.Counter())
    names = [name for name, _ in total.most_common(columns)]
    lines = [f"| on {arguments.store} | all | {' | '.join(name.partition('.so')[0] for name in names)} | others |",
             "|---" * (len(names) + 3) + "|"]
    for path, libraries in counted:
        shown = [libraries.total(), *(libraries[name] for name in names)]
        shown.append(libraries.total() - sum(shown[1:]))
        lines.append(f"| {path.name} | " + " | ".join(f"{each / arguments.requests / 1000:.1f}" for each in shown) + " |")
    return "\n".join(lines) + "\n"


def main():
    by_name = {path.name: path for path in hot_paths.PATHS}
    parser = argparse.ArgumentParser(prog="./dev bench profile")
    parser.add_argument("path", nargs="?", choices=by_name, metavar="PATH",
                        help=f"{', '.join(by_name)}; none: a table of all of them")
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--rows", type=int, default=60, help="functions shown, the largest first")
    parser.add_argument("--all", action="store_true", help="with the event loop beneath everything")
    parser.add_argument("--misses", action="store_true", help="of the processor's caches and predictions, simulated")
    arguments = parser.parse_args()
    paths = [by_name[arguments.path]] if arguments.path else hot_paths.PATHS
    if arguments.misses:
        for path, file in count(paths, arguments.store, arguments.requests, SIMULATE):
            print_misses(path, file, arguments)
    elif arguments.path:
        for path, file in count(paths, arguments.store, arguments.requests):
            print_path(path, file, arguments)
    else:
        said = table(count(paths, arguments.store, arguments.requests), arguments)
        page.OUT.mkdir(parents=True, exist_ok=True)
        (page.OUT / f"profile-{arguments.store}.md").write_text(said, encoding="utf-8")
        print(said, end="")


if __name__ == "__main__":
    main()
