"""Make the studies of the checkout importable."""

from tests.checkout import make_importable

make_importable("studies")
