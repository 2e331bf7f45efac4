from __future__ import annotations

from gpnde.lab.library import shared_library


def test_all_charts_of_a_kernel_share_one_library_until_it_is_closed() -> None:
    library = shared_library()
    assert shared_library() is library
    library.close()
    assert shared_library() is not library
