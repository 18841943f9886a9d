"""Writes the pages that are derived: those of docs/ from code, the console's rules from docs/extractors.md.

`python -m docs.generate`, with `--check` to compare only.
"""

import argparse
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

from adverts.settings import iter_declarations
from console.cli import COMMANDS, build_parser, load_command
from console.web.app import PAGES as PAGE_ROUTES
from enrichment.indicators.docs import render_docs as render_indicators
from indexer.reference import build_reference

DOCS: Final = Path(__file__).parent


def render_settings() -> str:
    """Return the settings page."""
    rows = [
        f"## {row.variable}\n\n{row.help} Default: {f'`{row.default}`' if row.default else 'empty'}."
        + (" Secret: never logged or shown." if row.secret else "")
        for row in iter_declarations()
    ]
    return "\n\n".join(["# Settings", "Environment variables, read once when a command starts.", *rows]) + "\n"


def render_commands() -> str:
    """Return the commands page: what `asw COMMAND --help` prints, for each command."""
    parts = [
        "# Commands",
        "`make setup` puts the program into `.venv/bin`: `source .venv/bin/activate`, or call `.venv/bin/asw`.",
        "Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 done but something\n"
        "named failed, 2 wrong use or wrong settings.",
    ]
    for name, summary in COMMANDS.items():
        usage = " ".join(_usage_of(name).split())
        parts.append(f"## {name}\n\n{summary.capitalize()}.\n\n    {usage}\n\nExample: `{load_command(name).EXAMPLE}`")
    return "\n\n".join(parts) + "\n"


def render_routes() -> str:
    """Return the page of the console's addresses: what each shows, from its handler's own words."""
    rows = [f"## {path}\n\n{inspect.getdoc(endpoint)}" for path, endpoint in PAGE_ROUTES]
    head = "The address is the state of a page; the same address with `.json` gives its facts as JSON."
    return "\n\n".join(["# Pages of the console", head, *rows]) + "\n"


def render_extractor_rules() -> str:
    """Return the part of the console's page of rules that says what each extractor does: `extractors.md` as HTML."""
    writer = MarkdownIt("commonmark", {"html": False})
    _, *sections = _read(DOCS / "extractors.md").split("\n## ")
    parts = ["{# Written by docs/generate.py from docs/extractors.md. #}{% raw %}\n"]
    for section in sections:
        name, _, text = section.partition("\n")
        parts.append(
            f'<section aria-labelledby="{name}">\n<h3 id="{name}">{name}</h3>\n{writer.render(text)}</section>\n'
        )
    return "".join([*parts, "{% endraw %}\n"])


def _usage_of(name: str) -> str:
    parser = build_parser(name)
    (commands,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    usage: str = commands.choices[name].format_usage()
    return usage


PAGES: Final[dict[str, Callable[[], str]]] = {
    "settings.md": render_settings,
    "commands.md": render_commands,
    "indicators.md": render_indicators,
    "routes.md": render_routes,
    "search-fields.md": build_reference,
    "../console/web/templates/extractors.html": render_extractor_rules,
}


def main() -> int:
    """Write the pages, or with `--check` name those that are stale and return 1."""
    check = "--check" in sys.argv[1:]
    stale = [name for name, render in PAGES.items() if _read(DOCS / name) != render()]
    for name in stale:
        if check:
            sys.stderr.write(f"{(DOCS / name).resolve()} is stale. Run: make docs\n")
        else:
            (DOCS / name).write_text(PAGES[name](), "utf-8")
    return 1 if check and stale else 0


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
