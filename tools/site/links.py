"""Links of documents that stand in the root of the checkout, as the site needs them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LINK = re.compile(r"\]\((?!https?://|#)([^)\s]+)\)")

OF_THE_ROOT: Mapping[str, str] = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "CITATION.cff": "citation.md",
    "LICENSE": "licence.md",
    "SECURITY.md": "security.md",
}
"""Pages of the site by the file in the root that they are made of."""


def for_the_site(text: str) -> str:
    """Return a document of the root with its links pointing to pages of the site.

    >>> for_the_site("See [the lab](docs/lab.md) and [what changed](CHANGELOG.md).")
    'See [the lab](lab.md) and [what changed](changelog.md).'
    """
    return _LINK.sub(lambda link: f"]({_page_of(link[1])})", text)


def _page_of(target: str) -> str:
    return OF_THE_ROOT.get(target, target.removeprefix("docs/"))
