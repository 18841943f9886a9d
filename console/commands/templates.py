"""`asw templates`: groups of near-duplicate texts."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from adverts.records import encode_line, iter_records
from adverts.settings import Settings
from console.arguments import add_input, open_input
from graph.batch import explain_templates, match_templates

EXAMPLE = "asw templates adverts.jsonl --explain templates.jsonl > groups.jsonl"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add input and explanation."""
    add_input(parser)
    parser.add_argument("--explain", type=Path, metavar="FILE", help="write each template with its slots to FILE")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write one line a record, in order; 1 when lines were bad."""
    rejects: Counter[str] = Counter()
    with open_input(arguments.input) as lines:
        adverts = list(iter_records(lines, rejects, sys.stderr))
    answers, templates = match_templates(adverts)
    sys.stdout.buffer.writelines(encode_line(answer) for answer in answers)
    if arguments.explain:
        with arguments.explain.open("wb") as out:
            out.writelines(encode_line(form) for form in explain_templates(adverts, templates))
    return 1 if rejects else 0
