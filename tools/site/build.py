"""What MkDocs calls before it builds the site: the pages that are read off the code join those of ``docs``."""

from __future__ import annotations

import mkdocs_gen_files

from tools.site import written_pages


def write_pages() -> None:
    """Write every page into the site that is being built; without MkDocs, into the folder of its pages."""
    for path, text in written_pages().items():
        with mkdocs_gen_files.open(path, "w", encoding="utf-8") as file:
            file.write(text)


# The name under which MkDocs runs it: an import must not write anything.
if __name__ == "<run_path>":
    write_pages()
