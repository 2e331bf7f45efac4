"""Make the benchmarks importable: they belong to the checkout and are not installed."""

from tests.checkout import make_importable

make_importable("benchmarks")
