"""Make the tools of the checkout importable."""

from tests.checkout import make_importable

make_importable("tools")
