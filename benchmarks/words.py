"""Vietnamese text in any amount: the words of the field as often as people use them, and a long tail of rare ones."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from random import Random

import yaml

SOURCE = Path(__file__).with_name("words.yaml")


class Words:
    """Sentences, names of places and of people; the same ones for the same *seed*."""

    def __init__(self, seed: int = 76, sentences: int = 20_000) -> None:
        self.random = Random(seed)
        source = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
        self._lists: dict[str, list[str]] = {name: text.split(", ") for name, text in source.items()}
        rare = [
            onset + rime for onset in self._lists["onsets"] for tones in self._lists["rimes"] for rime in tones.split()
        ]
        self.random.shuffle(rare)
        self._rare = rare
        self._names = [self._lists[name] for name in ("families", "middles", "givens")]
        self._common_weights = list(accumulate(1 / (n + 8) for n in range(len(self._lists["common"]))))
        self._rare_weights = list(accumulate(1 / (n + 20) for n in range(len(rare))))
        self.sentences = [self._sentence() for _ in range(sentences)]

    def _sentence(self) -> str:
        """Ten to twenty-six syllables; one in twelve words is rare."""
        words: list[str] = []
        for _ in range(self.random.randint(5, 12)):
            if self.random.random() < 1 / 12:
                words += self.random.choices(self._rare, cum_weights=self._rare_weights)
            else:
                words += self.random.choices(self._lists["common"], cum_weights=self._common_weights)
            if self.random.random() < 0.4:
                words.append(self.random.choice(self._lists["joining"]))
        text = " ".join(words)
        return text[0].upper() + text[1:]

    def text(self, fewest: int, most: int) -> str:
        """So many sentences."""
        return ". ".join(self.random.choices(self.sentences, k=self.random.randint(fewest, most))) + "."

    def title(self) -> str:
        """One sentence, as long as a title may be."""
        return self.random.choice(self.sentences)[:110] + "?"

    def place(self) -> str:
        """A name such as communes have; many are shared, as in the country."""
        return " ".join(word.capitalize() for word in self.random.choices(self._rare[:900], k=2))

    def person(self) -> str:
        return " ".join(self.random.choice(part) for part in self._names)

    @property
    def rarest(self) -> list[str]:
        return self._rare[1500:]
