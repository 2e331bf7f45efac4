"""What a scenario can say and no run or report asks: the one place where it is listed until it acts or is gone."""

from __future__ import annotations

from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    "Product.process": "no equation asks whether a product is made in mass or flexibly",
    "Firm.node_type": "no equation asks what a firm is to the flagship",
    "Site.floor_area": "only repeated as a weight of the metrics of space",
}
"""Fields that change no result, and what is missing."""
