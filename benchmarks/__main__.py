"""`make bench`: every benchmark in turn, each with its own few lines, the machine first."""

import importlib
import os
import pkgutil
import platform
import sys

import benchmarks


def main() -> int:
    """Run each module's `main` without arguments."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name != "__main__" and not module.ispkg:
            print(f"\n== {module.name}", flush=True)
            importlib.import_module(f"benchmarks.{module.name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
