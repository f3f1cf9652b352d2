"""BLEU and chrF as sacreBLEU 2 defines them by default, written out a second time in plain Python.

Nothing is shared with the TypeScript code, so that a slip in one shows against the other, in particular where Python
and JavaScript differ: white space, code points, case.

    python3 reference.py > reference.json             scores the sentence pairs made below
    python3 reference.py pairs.json > scores.json     scores [[hypothesis, reference], ...]
"""

import json
import math
import random
import re
import sys
from collections import Counter
from fractions import Fraction

RULES_13A = [
    (re.compile(r"([\x20-\x26\x28-\x2b\x2f\x3a-\x40\x5b-\x60\x7b-\x7e])"), r" \1 "),
    (re.compile(r"([^0-9])([.,])"), r"\1 \2 "),
    (re.compile(r"([.,])([^0-9])"), r" \1 \2"),
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),
]
LITERALS_13A = [
    ("<skipped>", ""), ("-\n", ""), ("\n", " "), ("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"),
]


def tokens_13a(line):
    for old, new in LITERALS_13A:
        line = line.replace(old, new)
    line = " " + line + " "
    for pattern, replacement in RULES_13A:
        line = pattern.sub(replacement, line)
    return line.split()


def words(line, tokenize, lowercase):
    line = (line.lower() if lowercase else line).rstrip()
    return tokens_13a(line) if tokenize == "13a" else line.split()


def ngrams(items, n):
    return Counter(tuple(items[i:i + n]) for i in range(len(items) - n + 1))


def bleu(pairs, tokenize="13a", lowercase=False, effective_order=False):
    segments = [(words(h, tokenize, lowercase), words(r, tokenize, lowercase)) for h, r in pairs]
    hypothesis_length = sum(len(h) for h, _ in segments)
    reference_length = sum(len(r) for _, r in segments)
    total = [sum(max(0, len(h) - n + 1) for h, _ in segments) for n in range(1, 5)]
    match = [sum((ngrams(h, n) & ngrams(r, n)).total() for h, r in segments) for n in range(1, 5)]
    penalty = 1.0
    if hypothesis_length < reference_length:
        penalty = math.exp(1 - reference_length / hypothesis_length) if hypothesis_length else 0.0
    precisions = [Fraction(0)] * 4
    if any(match):
        halvings = 0
        for n in range(4):
            if total[n] == 0:
                break
            if match[n] == 0:
                halvings += 1
                precisions[n] = Fraction(1, 2 ** halvings * total[n])
            else:
                precisions[n] = Fraction(match[n], total[n])
    counted = [p for p, t in zip(precisions, total) if t] if effective_order else precisions
    mean = math.prod(counted) if counted else Fraction(0)
    return {
        "score": 100 * penalty * float(mean) ** (1 / len(counted)) if mean else 0.0,
        "precisions": [float(100 * p) for p in precisions],
        "brevityPenalty": penalty,
        "hypothesisLength": hypothesis_length,
        "referenceLength": reference_length,
    }


def chrf(pairs, lowercase=False):
    averages = []
    for n in range(1, 7):
        in_hypothesis = in_reference = in_both = 0
        for pair in pairs:
            hypothesis, reference = ("".join((s.lower() if lowercase else s).split()) for s in pair)
            h, r = ngrams(hypothesis, n), ngrams(reference, n)
            in_hypothesis += h.total() if r else 0
            in_reference += r.total()
            in_both += (h & r).total()
        if in_hypothesis and in_reference:
            averages.append((Fraction(in_both, in_hypothesis), Fraction(in_both, in_reference)))
    if not any(p for p, _ in averages):
        return 0.0
    precision, recall = (sum(column) / len(averages) for column in zip(*averages))
    return float(100 * 5 * precision * recall / (4 * precision + recall))


WORDS = """the a man woman two dogs play in snow ball red l'arbre d'un qu'il est-ce un homme chemise bleue joue près
don't can't 3.5 1,000 10-12 2nd 50% $5 U.S. e.g. "quoted" (aside) «oui» « non » ... … – — & &amp; &quot;x&quot; &lt;b&gt;
<skipped> a/b x_y [z] {k} ~ ^ ` ' , . ; : ? ! ,. .5 5. 5-a -5 a- a-\n \n \t \x1c \x85 \xa0 \u3000 \ufeff \u200b é e\u0301
naïve ÉCOLE Straße İstanbul ΟΔΥΣΣΕΥΣ 🙂 🙂. 𝔘,𝔙 漢字。 हिन्दी ①""".split(" ")


def make_pairs(count):
    rng = random.Random(20)
    pairs = []
    for i in range(count):
        reference = [rng.choice(WORDS) for _ in range(rng.randint(0 if i % 10 == 0 else 1, 14))]
        hypothesis = list(reference)
        for _ in range(rng.randint(0, 5)):
            at = rng.randint(0, len(hypothesis))
            hypothesis[at:at + rng.randint(0, 2)] = rng.sample(WORDS, rng.randint(0, 2))
        if i % 3 == 0:
            hypothesis = [word.upper() for word in hypothesis]
        glue = rng.choice([" ", " ", " ", ""])
        pairs.append((glue.join(hypothesis), " ".join(reference)))
    return pairs


def main():
    pairs = make_pairs(200)
    if len(sys.argv) > 1:
        with open(sys.argv[1], encoding="utf-8") as file:
            pairs = json.load(file)
    settings = [(tokenize, lowercase) for tokenize in ("13a", "none") for lowercase in (False, True)]
    result = {
        "corpus": {
            "bleu": [{"tokenize": t, "lowercase": l, **bleu(pairs, t, l)} for t, l in settings],
            "chrf": [{"lowercase": l, "score": chrf(pairs, l)} for l in (False, True)],
        },
        "sentences": [
            {
                "hypothesis": pair[0],
                "reference": pair[1],
                "tokens13a": tokens_13a(pair[0]),
                "bleu": [bleu([pair], t, l, effective_order=True)["score"] for t, l in settings],
                "chrf": [chrf([pair], l) for l in (False, True)],
            }
            for pair in pairs
        ],
    }
    json.dump(result, sys.stdout, ensure_ascii=True, indent=1)
    print()


main()
