"""Pairs of sentences in batches, in the order in which ``seqgrad train`` would have gone through them."""
from pathlib import Path

import torch
from torch import Tensor

from folder import Translator
from model import Batch
from text import BOS, EOS, PAD

Pair = tuple[list[int], list[int]]
"""Source and target, as ids."""
WORD = 2**32 - 1
POOL = 50
"""How many batches' worth of shuffled pairs are sorted by length together."""


class Generator:
    """xoshiro128** (Blackman and Vigna, 2018), as seqgrad's."""

    def __init__(self, state: list[int]):
        self.state = list(state)

    def bits(self) -> int:
        s = self.state
        scrambled = s[1] * 5 & WORD
        result = ((scrambled << 7 | scrambled >> 25) & WORD) * 9 & WORD
        shifted = s[1] << 9 & WORD
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = (s[3] << 11 | s[3] >> 21) & WORD
        return result

    def integer(self, limit: int) -> int:
        """Uniform in [0, limit), without bias."""
        fair = 2**32 - 2**32 % limit
        while (bits := self.bits()) >= fair:
            pass
        return bits % limit

    def shuffle(self, items: list) -> list:
        """In place (Fisher and Yates)."""
        for i in range(len(items) - 1, 0, -1):
            j = self.integer(i + 1)
            items[i], items[j] = items[j], items[i]
        return items


def read_pairs(path: Path, translator: Translator, max_length: float) -> list[Pair]:
    """The pairs of a file with source TAB target on each line, without those that are empty or longer than that."""
    pairs = []
    for line in path.read_bytes().decode("utf-8-sig").removesuffix("\n").split("\n"):
        source, target, *_ = [*line.removesuffix("\r").split("\t"), ""]
        pair = translator.encode_source(source), translator.target.encode(target)
        if all(pair) and max(map(len, pair)) <= max_length:
            pairs.append(pair)
    return pairs


def fingerprint(pairs: list[Pair]) -> int:
    """FNV-1a over lengths and ids: by this a checkpoint knows the pairs that its run trains on."""
    value = 0x811C9DC5
    for pair in pairs:
        for ids in pair:
            for number in [len(ids), *ids]:
                value = (value ^ number) * 0x01000193 & WORD
    return value


def bucketed_batches(pairs: list[Pair], batch_size: float, batch_tokens: int, generator: Generator) -> list[list[int]]:
    """An epoch's batches as lists of indices: shuffled, sorted by length within pools, cut; then these are shuffled."""

    def longer(i: int) -> int:
        return max(map(len, pairs[i])) + 1  # with EOS, or the BOS that the decoder reads

    order = generator.shuffle(list(range(len(pairs))))
    usual = max(1, int(min(batch_size, batch_tokens * len(order) // sum(map(longer, order)))))
    batches: list[list[int]] = []
    for begin in range(0, len(order), usual * POOL):
        pool = order[begin : begin + usual * POOL]
        pool.sort(key=lambda i: (len(pairs[i][1]), len(pairs[i][0]), i))
        batch: list[int] = []
        for i in pool:
            grown = [*batch, i]
            fits = len(grown) <= batch_size and len(grown) * max(map(longer, grown)) <= batch_tokens
            if batch and not fits:
                batches.append(batch)
                grown = [i]
            batch = grown
        batches.append(batch)
    return generator.shuffle(batches)


def pad(sentences: list[list[int]], value: int = PAD) -> Tensor:
    """Sentences of unequal lengths side by side: [longest, B]"""
    longest = max(map(len, sentences))
    return torch.tensor([ids + [value] * (longest - len(ids)) for ids in sentences]).t().contiguous()


def make_batch(pairs: list[Pair]) -> Batch:
    return Batch(
        source=pad([[*source, EOS] for source, _ in pairs]),
        lengths=torch.tensor([len(source) + 1 for source, _ in pairs]),
        words=pad([[BOS, *target] for _, target in pairs]),
        targets=pad([[*target, EOS] for _, target in pairs], -1),
    )
