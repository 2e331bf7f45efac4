"""The glossary says what the words of the page mean."""

from __future__ import annotations

import pytest

from gpnde.lab.glossary import FIRST, MORE, glossary


@pytest.mark.parametrize("word", ["Tier", "Capability", "Scorecard"])
def test_words_without_which_charts_say_little_are_in_sight(word: str) -> None:
    assert word in [entry.word for entry in FIRST]
    assert f"<dt>{word}</dt>" in glossary().partition("<details>")[0]


def test_every_word_is_explained_once_in_whole_sentences() -> None:
    entries = [*FIRST, *MORE]
    assert len({entry.word for entry in entries}) == len(entries)
    assert all(entry.meaning.endswith(".") for entry in entries)
