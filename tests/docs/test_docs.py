"""Nothing undocumented: what people use has a heading in docs/, links lead somewhere, short pages stay short."""

import re
from pathlib import Path

import pytest

from adverts.settings import iter_declarations
from console.cli import COMMANDS
from console.web.app import PAGES as ROUTES
from docs.generate import PAGES
from enrichment.extractors import EXTRACTORS
from enrichment.indicators.catalogue import load_indicators
from indexer.fields import FIELDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ADDING = ("a-site", "an-extractor", "an-indicator", "a-link-reason", "a-page")

USED = {
    "settings.md": [row.variable for row in iter_declarations()],
    "commands.md": list(COMMANDS),
    "extractors.md": list(EXTRACTORS),
    "indicators.md": [indicator.id for indicator in load_indicators()],
    "routes.md": [path for path, _ in ROUTES],
    "search-fields.md": [field.name for field in FIELDS],
}


@pytest.mark.parametrize(("page", "name"), [(page, name) for page, names in USED.items() for name in names])
def test_it_has_a_heading_or_a_row(page: str, name: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    assert name in re.findall(r"^(?:#+|\|) +`?([^`|\n]+?)`?(?: \||$)", text, re.MULTILINE)


@pytest.mark.parametrize("page", list(PAGES))
def test_a_generated_page_is_up_to_date(page: str) -> None:
    assert (DOCS / page).read_text("utf-8") == PAGES[page](), "run: make docs"


@pytest.mark.parametrize("what", ADDING)
def test_a_page_on_adding_fits_a_screen(what: str) -> None:
    assert len((DOCS / f"adding-{what}.md").read_text("utf-8").splitlines()) <= 60


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda path: path.name)
def test_links_and_named_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    missing = [target for target in targets if not (page.parent / target).exists()]
    folders = "adverts|spiders|enrichment|graph|indexer|simulator|console|tests|benchmarks|docs|deploy|migrations"
    named = re.findall(rf"`((?:{folders})/[\w./-]*)`", text)
    if not page.name.startswith("adding-"):  # those name files that the reader is about to make
        missing += [path for path in named if not (ROOT / path).exists()]
    assert missing == []
