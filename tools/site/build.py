"""What MkDocs calls before it builds the site: the pages that are read off the code join those of ``docs``."""

from __future__ import annotations

import mkdocs_gen_files

from tools.site import written_pages

for path, text in written_pages().items():
    with mkdocs_gen_files.open(path, "w", encoding="utf-8") as file:
        file.write(text)
