from __future__ import annotations

import re

from gpnde.lab.chart_page import chart_page

SPEC = {"mark": "bar", "data": {"values": [{"firm": "</script><b>"}]}, "description": "Stock < 5"}


def test_page_names_no_other_host_in_its_markup() -> None:
    markup = re.sub(r"<script>.*?</script>", "", chart_page(SPEC, "Stock"), flags=re.DOTALL)
    assert "http" not in markup.replace('http-equiv="Content-Security-Policy"', "")


def test_nothing_given_closes_a_script_or_opens_an_element() -> None:
    page = chart_page(SPEC, "A <b> title")
    assert "<b>" not in page
    assert "<title>A &lt;b&gt; title</title>" in page
    assert "<p>Stock &lt; 5</p>" in page
    assert len(re.findall("</script", page)) == len(re.findall("<script", re.sub(r"\\</script", "", page)))
