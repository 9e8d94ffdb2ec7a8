#!/usr/bin/env python3
"""./dev bench profile PATH: where the instructions of one request go, by library and by function."""
import argparse
import collections
import contextlib
import re

import hot_paths
import lab
import page

# What is on the stack of everything says nothing.
BENEATH = re.compile(r"boost::asio::detail::|std::thread|io_context|^start_thread\b|^clone|^\(below main\)|^main\b")


def count(paths, engine, requests):
    """Of each path: (instructions by library, those of each function with what it calls), for so many requests."""
    with contextlib.ExitStack() as stack:
        url = None
        if engine == "postgres":
            database = lab.Postgres()
            stack.callback(database.stop)
            url = database.url
        counted = hot_paths.Counted(url)
        stack.callback(counted.stop)
        for path in paths:
            (file,) = counted.count(path, requests)
            yield path, hot_paths.self_cost(file), hot_paths.inclusive(file)


def short(name):
    """A function and its library without the folder."""
    function, _, library = name.rpartition(" [")
    return f"{function[:130]} [{library.rpartition('/')[2]}"


def print_path(path, libraries, functions, arguments):
    print(f"{path.name} on {arguments.store}: {libraries.total() // arguments.requests:,} instructions a request")
    for name, spent in libraries.most_common(10):
        print(f"{spent // arguments.requests:>11,}  {spent / libraries.total():>5.1%}  {name}")
    print("\nwith what they call:")
    shown = [row for row in functions if arguments.all or not BENEATH.search(row[1])]
    for spent, name in shown[:arguments.rows]:
        print(f"{spent // arguments.requests:>11,}  {spent / libraries.total():>5.1%}  {short(name)}")


def table(paths, arguments, columns=6):
    """For docs/reference/performance.md: every path, thousands of instructions a request by library."""
    total = sum((libraries for _, libraries, _ in paths), collections.Counter())
    names = [name for name, _ in total.most_common(columns)]
    lines = [f"| on {arguments.store} | all | {' | '.join(name.partition('.so')[0] for name in names)} | others |",
             "|---" * (len(names) + 3) + "|"]
    for path, libraries, _ in paths:
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
    arguments = parser.parse_args()
    if arguments.path:
        for path in count([by_name[arguments.path]], arguments.store, arguments.requests):
            print_path(*path, arguments)
    else:
        said = table(list(count(hot_paths.PATHS, arguments.store, arguments.requests)), arguments)
        page.OUT.mkdir(parents=True, exist_ok=True)
        (page.OUT / f"profile-{arguments.store}.md").write_text(said, encoding="utf-8")
        print(said, end="")


if __name__ == "__main__":
    main()
