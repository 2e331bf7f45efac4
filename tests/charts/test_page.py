"""Pages of charts: whole, without other hosts, and with no script but their own."""

from __future__ import annotations

import base64
import json
import re
from hashlib import sha256

from gpnde.charts.page import chart_page

SPEC = {"mark": "bar", "data": {"values": [{"firm": "</script><b>"}]}, "description": "Stock < 5"}
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def test_page_names_no_other_host_in_its_markup() -> None:
    markup = SCRIPT.sub("", chart_page(SPEC, "Stock"))
    assert "http" not in markup.replace('http-equiv="Content-Security-Policy"', "")


def test_nothing_given_closes_a_script_or_opens_an_element() -> None:
    page = chart_page(SPEC, "A <b> title")
    assert "<b>" not in page
    assert "<title>A &lt;b&gt; title</title>" in page
    assert "<p>Stock &lt; 5</p>" in page
    assert len(re.findall("</script", page)) == len(re.findall("<script", re.sub(r"\\</script", "", page)))


def test_policy_names_the_digest_of_each_script_and_allows_no_other() -> None:
    page = chart_page(SPEC, "Stock")
    policy = POLICY.findall(page)[0]
    wanted = [base64.b64encode(sha256(script.encode()).digest()).decode() for script in SCRIPT.findall(page)]
    (scripts,) = [part for part in policy.split("; ") if part.startswith("script-src ")]
    assert scripts == "script-src " + " ".join(f"'sha256-{digest}'" for digest in wanted)
    assert policy.startswith("default-src 'none'; ") and "unsafe-eval" not in policy


def test_description_comes_back_out_of_the_page() -> None:
    found = re.findall(r'<script type="application/json" id="specs">(.*?)</script>', chart_page(SPEC, "Stock"))
    assert [json.loads(one) for one in found] == [{"chart": SPEC}]
