"""BLEU, chrF and paired bootstrap resampling with several references, as sacreBLEU itself computes them.

    pip install sacrebleu==2.6.0
    python3 sacrebleu.py > sacrebleu.json
"""

import json
import random
import sys

sys.path = [path for path in sys.path if path not in ("", sys.path[0])]  # this file has the package's name

import numpy as np  # noqa: E402
from sacrebleu.metrics import BLEU, CHRF  # noqa: E402
from sacrebleu.significance import PairedTest  # noqa: E402

SENTENCES = """A man in a blue shirt plays the guitar .|Two dogs run through the snow, barking .
The children can't find their 3.5 kg ball .|Un homme joue de l'accordéon près d'un étang .
She said: "well, it is 10-12 % more" .|Les filles mangent une pomme rouge .|ÉCOLE fermée en été !
Straße 5, 1,000 m – left|🙂 🙂 says the boy the boy the boy|Go .|a b c d e f g h i j k l m n o p""".replace("\n", "|")
WORDS = sorted({word for sentence in SENTENCES.split("|") for word in sentence.split()})
SEGMENTS = 40
SAMPLES = 100


def vary(rng, words, edits, omit=0.0):
    words = [word for word in words if rng.random() >= omit]
    for _ in range(rng.randint(0, edits)):
        at = rng.randint(0, len(words))
        words[at:at + rng.randint(0, 2)] = rng.sample(WORDS, rng.randint(0, 2))
    if rng.random() < 0.1:
        words = [word.upper() for word in words]
    return " ".join(words)


def make_corpus():
    rng = random.Random(7)
    bases = [rng.choice(SENTENCES.split("|")).split() for _ in range(SEGMENTS)]
    references = [[vary(rng, base, 3) for base in bases] for _ in range(3)]
    references[2][5] = ""
    system = [vary(rng, base, 4, 0.12) for base in bases]
    baseline = [vary(rng, base, 4, 0.12) for base in bases]
    system[6] = ""
    return system, baseline, references


def paired(system, baseline, references, samples, **options):
    lowercase = options.get("lowercase", False)
    metrics = {"BLEU": BLEU(references=references, **options), "CHRF": CHRF(references=references, lowercase=lowercase)}
    signatures, scores = PairedTest(
        [("baseline", baseline), ("system", system)], metrics, references=None, test_type="bs", n_samples=samples
    )()
    result = {}
    for ours, theirs in (("bleu", "BLEU"), ("chrf", "chrF2")):
        base, other = scores[theirs]
        row = lambda r: {"score": float(r.score), "mean": float(r.mean), "ci": float(r.ci)}  # noqa: E731
        result[ours] = {
            "system": row(other),
            "baseline": row(base),
            "pValue": float(other.p_value),
            "signature": str(signatures[theirs]),
        }
    return result


def main():
    system, baseline, references = make_corpus()
    settings = [
        {"nrefs": n, "tokenize": t, "lowercase": l} for n in (1, 2, 3) for t in ("13a", "none") for l in (False, True)
    ]
    corpus = []
    for s in settings:
        streams = references[:s["nrefs"]]
        bleu = BLEU(tokenize=s["tokenize"], lowercase=s["lowercase"])
        chrf = CHRF(lowercase=s["lowercase"])
        score = bleu.corpus_score(system, streams)
        corpus.append({
            **s,
            "bleu": score.score,
            "precisions": score.precisions,
            "brevityPenalty": score.bp,
            "hypothesisLength": score.sys_len,
            "referenceLength": score.ref_len,
            "bleuSignature": str(bleu.get_signature()),
            "chrf": chrf.corpus_score(system, streams).score,
            "chrfSignature": str(chrf.get_signature()),
        })
    sentence_bleu = BLEU(effective_order=True)
    sentences = [
        {
            "bleu": sentence_bleu.sentence_score(hypothesis, list(of_each)).score,
            "chrf": CHRF().sentence_score(hypothesis, list(of_each)).score,
        }
        for hypothesis, of_each in zip(system, zip(*references))
    ]
    result = {
        "system": system,
        "baseline": baseline,
        "references": references,
        "corpus": corpus,
        "sentences": sentences,
        "paired": {
            # What numpy drew, so that the test can draw the same.
            "draws": np.random.default_rng(12345).choice(SEGMENTS, size=(SAMPLES, SEGMENTS)).ravel().tolist(),
            "samples": SAMPLES,
            "of": [
                {"nrefs": n, **paired(system, baseline, references[:n], SAMPLES, tokenize="13a")} for n in (1, 3)
            ],
            "thousand": paired(system, baseline, references[:2], 1000, tokenize="none", lowercase=True),
        },
    }
    json.dump(result, sys.stdout, ensure_ascii=True)
    print()


main()
