"""The pages of the site of documentation that are written when it is built: home, reference, gallery."""

from tools.site.pages import written_pages

__all__ = ["written_pages"]
