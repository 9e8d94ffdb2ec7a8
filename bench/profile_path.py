#!/usr/bin/env python3
"""./dev bench profile PATH: where the instructions of one request go, by library and by function."""
import argparse
import contextlib
import re

import hot_paths
import lab

# What is on the stack of everything says nothing.
BENEATH = re.compile(r"boost::asio::detail::|std::thread|io_context|^start_thread\b|^clone|^\(below main\)|^main\b")


def count(path, engine, requests):
    """Instructions by library, and those of each function with what it calls, of so many requests."""
    with contextlib.ExitStack() as stack:
        url = None
        if engine == "postgres":
            database = lab.Postgres()
            stack.callback(database.stop)
            url = database.url
        counted = hot_paths.Counted(url)
        stack.callback(counted.stop)
        (file,) = counted.count(path, requests)
        return hot_paths.self_cost(file), hot_paths.inclusive(file)


def short(name):
    """A function and its library without the folder."""
    function, _, library = name.rpartition(" [")
    return f"{function[:130]} [{library.rpartition('/')[2]}"


def main():
    by_name = {path.name: path for path in hot_paths.PATHS}
    parser = argparse.ArgumentParser(prog="./dev bench profile")
    parser.add_argument("path", choices=by_name, metavar="PATH", help=", ".join(by_name))
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--rows", type=int, default=60, help="functions shown, the largest first")
    parser.add_argument("--all", action="store_true", help="with the event loop beneath everything")
    arguments = parser.parse_args()
    libraries, functions = count(by_name[arguments.path], arguments.store, arguments.requests)
    print(f"{arguments.path} on {arguments.store}: {round(libraries.total() / arguments.requests):,} instructions a request")
    for name, spent in libraries.most_common(10):
        print(f"{round(spent / arguments.requests):>11,}  {spent / libraries.total():>5.1%}  {name}")
    print("\nwith what they call:")
    shown = [row for row in functions if arguments.all or not BENEATH.search(row[1])]
    for spent, name in shown[:arguments.rows]:
        print(f"{round(spent / arguments.requests):>11,}  {spent / libraries.total():>5.1%}  {short(name)}")


if __name__ == "__main__":
    main()
