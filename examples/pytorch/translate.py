"""Translates the lines of standard input with a folder that seqgrad wrote.

    python3 translate.py MODEL < english.txt > french.txt
    python3 translate.py MODEL --json < english.txt    with ids and the log-probability of each token
"""
import argparse
import json
import sys
from pathlib import Path

import torch

from batches import pad
from folder import Translator, load
from model import Seq2Seq
from text import BOS, EOS

SENTENCES = 64
"""How many are translated together, like lengths together."""


@torch.no_grad()
def greedy_search(model: Seq2Seq, sources: list[list[int]]) -> list[tuple[list[int], list[float]]]:
    """The likeliest token at every step, until EOS or a length of twice the source's and 10.

    For each source the ids, without EOS, and ln p of each, with that of EOS where it came. PAD, UNK and BOS are never
    chosen.
    """
    results: list[tuple[list[int], list[float]]] = [([], []) for _ in sources]
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    for begin in range(0, len(order), SENTENCES):
        running = order[begin : begin + SENTENCES]
        lengths = torch.tensor([len(sources[i]) + 1 for i in running])
        reading = model.read(pad([[*sources[i], EOS] for i in running]), lengths)
        ids = torch.full([len(running)], BOS)
        while running:
            logits, reading = model.decoder(ids.unsqueeze(0), reading)
            said = torch.log_softmax(logits[0], -1)
            ids = said[:, EOS:].argmax(-1) + EOS
            going = []
            for row, i in enumerate(running):
                token = int(ids[row])
                results[i][1].append(float(said[row, token]))
                if token != EOS:
                    results[i][0].append(token)
                    if len(results[i][0]) < 2 * len(sources[i]) + 10:
                        going.append(row)
            running = [running[row] for row in going]
            ids, reading = ids[going], reading.rows(torch.tensor(going, dtype=torch.long))
    return results


def translate(translator: Translator, texts: list[str]) -> list[dict]:
    """One translation for each text; that of an empty text is empty."""
    sources = [translator.encode_source(text) for text in texts]
    found = iter(greedy_search(translator.model, [source for source in sources if source]))
    translations = []
    for source in sources:
        ids, said = next(found) if source else ([], [])
        text = translator.target.decode(ids)
        translations.append({"text": text, "ids": ids, "logProbabilities": said, "source": source})
    return translations


def main() -> None:
    parser = argparse.ArgumentParser(description="Translates the lines of standard input.")
    parser.add_argument("model", type=Path, help="folder that seqgrad wrote")
    parser.add_argument("--json", action="store_true", help="a JSON object a line, with ids and log-probabilities")
    options = parser.parse_args()
    content = sys.stdin.buffer.read().decode("utf-8-sig")
    texts = content.removesuffix("\n").split("\n") if content else []
    for translation in translate(load(options.model), texts):
        print(json.dumps(translation, ensure_ascii=False) if options.json else translation["text"])


if __name__ == "__main__":
    main()
