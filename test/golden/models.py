"""PyTorch's answers for test/seq2seq/models/goldenModels.test.ts.

Run with a Python that has PyTorch (1.13):  python3 test/golden/models.py   → test/golden/models.json

Models beyond translation, on sequences of unequal lengths, each read alone, without any padding: an encoder over frames
(several at once; neighbouring outputs joined as in Chan et al., 2016, equation 5) before an attention decoder, classifiers
(by the last state, the mean, or the attention of Yang et al., 2016), and a language model over two pieces, its state carried
without gradient. PyTorch has the embeddings and recurrent layers; the rest is written out. Weights have three decimals.

"frames"     for each sequence [T, F]; "targets": ids, without BOS and EOS; "classes"; "tokens": ids for the classifiers
"seq2seq"    a list: options, state, loss, gradients, memory (for each sequence [S, E])
"classifier" a list: options, state, loss, gradients, logits [B, classes], attention (for each sequence [S]) or null
"language"   a list: options, state, pieces [[input [T][B], target [T][B]]], losses, gradients of their sum
"""
import json
import pathlib
import re

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(12)
FEATURES, OUTPUT, HIDDEN, CLASSES, INPUT = 2, 8, 3, 4, 7
SCALE = 3
BOS, EOS = 2, 3
FRAMES = [torch.round(torch.randn(length, FEATURES), decimals=3) for length in [5, 9, 1]]
TARGETS, LABELS = [[7, 4], [5, 6, 7], []], [2, 0, 3]
TOKENS = [[4, 6, 5], [5], [6, 4]]
PIECES = [
    ([[4, 5], [6, 7], [5, 4]], [[6, 7], [5, 4], [7, 7]]),
    ([[7, 7], [4, 6]], [[4, 6], [4, 5]]),
]


def numbers(tensor):
    return [float(f"{x:.7g}") for x in tensor.detach().flatten().tolist()]


def plain(tensor):
    return {"shape": list(tensor.shape), "data": numbers(tensor)}


def camel(options):
    return {re.sub("_(.)", lambda match: match[1].upper(), name): value for name, value in options.items()}


def recurrent(cell, inputs, layers, both=False):
    return {"gru": nn.GRU, "lstm": nn.LSTM}[cell](inputs, HIDDEN, num_layers=layers, bidirectional=both)


def join(x, n):
    """[T, D] → [⌈T / n⌉, n · D]"""
    x = F.pad(x, (0, 0, 0, -len(x) % n))
    return x.reshape(len(x) // n, -1)


class FrameEncoder(nn.Module):
    def __init__(self, cell, layers, both, stack, subsample):
        super().__init__()
        self.cell, self.stack = cell, stack
        setattr(self, cell, recurrent(cell, FEATURES * stack, layers if subsample == 0 else 1, both))
        if subsample > 0:
            width = HIDDEN * (4 if both else 2)
            counts = [1] * (subsample - 1) + [layers - subsample]
            self.upper = nn.ModuleList(recurrent(cell, width, count, both) for count in counts)

    def forward(self, frames):
        """[T, F] → memory [S, E], last [layers · directions, H] (h, or h and c)"""
        x, lasts = join(frames, self.stack), []
        for i, layer in enumerate([getattr(self, self.cell), *getattr(self, "upper", [])]):
            x, last = layer(join(x, 2) if i else x)
            lasts.append(last if self.cell == "lstm" else (last,))
        return x, [torch.cat(parts) for parts in zip(*lasts)]


class TokenEncoder(nn.Module):
    def __init__(self, cell, layers, both, width):
        super().__init__()
        self.cell = cell
        self.embedding = nn.Embedding(INPUT, width)
        setattr(self, cell, recurrent(cell, width, layers, both))

    def forward(self, ids):
        x, last = getattr(self, self.cell)(self.embedding(torch.tensor(ids)))
        return x, list(last) if self.cell == "lstm" else [last]


class Decoder(nn.Module):
    """With additive attention after its recurrent layer (Bahdanau et al., 2015), or over a fixed context."""

    def __init__(self, cell, layers, attention, memory):
        super().__init__()
        self.cell = cell
        self.embedding = nn.Embedding(OUTPUT, HIDDEN)
        setattr(self, cell, recurrent(cell, HIDDEN, layers))
        if attention == "additive":
            self.attention = nn.Module()
            self.attention.query = nn.Linear(HIDDEN, HIDDEN, bias=False)
            self.attention.key = nn.Linear(memory, HIDDEN)
            self.attention.score = nn.Linear(HIDDEN, 1, bias=False)
            self.combine = nn.Linear(memory + HIDDEN, HIDDEN)
        self.out = nn.Linear(HIDDEN, OUTPUT)

    def forward(self, ids, memory, state):
        words = self.embedding(torch.tensor(ids))
        if not hasattr(self, "attention"):
            words = torch.relu(words)
        h, _ = getattr(self, self.cell)(words, tuple(state) if self.cell == "lstm" else state[0])
        if hasattr(self, "attention"):
            a = self.attention
            scores = a.score(torch.tanh(a.query(h).unsqueeze(1) + a.key(memory).unsqueeze(0))).squeeze(2)
            h = torch.tanh(self.combine(torch.cat([torch.softmax(scores, 1) @ memory, h], 1)))
        return self.out(h)


class FrameSeq2Seq(nn.Module):
    def __init__(
        self, cell="gru", num_layers=1, bidirectional=False, attention="none", stack=1, subsample=0, initial_state="last"
    ):
        super().__init__()
        memory = HIDDEN * (2 if bidirectional else 1)
        self.encoder = FrameEncoder(cell, num_layers, bidirectional, stack, subsample)
        self.decoder = Decoder(cell, num_layers, attention, memory)
        parts = ["", "_c"] if cell == "lstm" else [""]
        mean = initial_state == "mean"
        self.initial_names = [f"initial{part}" for part in parts] if mean else []
        self.bridge_names = [f"bridge{part}" for part in parts] if bidirectional and not mean else []
        for name in self.initial_names:
            setattr(self, name, nn.Linear(memory, num_layers * HIDDEN))
        for name in self.bridge_names:
            setattr(self, name, nn.Linear(memory, HIDDEN))

    def forward(self, frames, ids):
        memory, last = self.encoder(frames)
        if self.initial_names:
            last = [torch.tanh(getattr(self, name)(memory.mean(0))).unflatten(0, (-1, HIDDEN)) for name in self.initial_names]
        if self.bridge_names:
            last = [getattr(self, name)(part.unflatten(0, (-1, 2)).flatten(1)) for name, part in zip(self.bridge_names, last)]
        return memory, self.decoder(ids, memory, last)


class Classifier(nn.Module):
    def __init__(
        self, features=None, input_size=None, cell="gru", num_layers=1, bidirectional=False, stack=1, subsample=0,
        pooling="last", embedding_size=HIDDEN,
    ):
        super().__init__()
        memory = HIDDEN * (2 if bidirectional else 1)
        self.kind, self.directions = pooling, 2 if bidirectional else 1
        if features is None:
            self.encoder = TokenEncoder(cell, num_layers, bidirectional, embedding_size)
        else:
            self.encoder = FrameEncoder(cell, num_layers, bidirectional, stack, subsample)
        if pooling == "attention":
            self.pooling = nn.Module()
            self.pooling.key = nn.Linear(memory, memory)
            self.pooling.query = nn.Parameter(torch.randn(memory))
        self.out = nn.Linear(memory, CLASSES)

    def forward(self, source):
        memory, last = self.encoder(source)
        weights = None
        if self.kind == "last":
            pooled = last[0][-self.directions :].flatten()
        elif self.kind == "mean":
            pooled = memory.mean(0)
        else:
            weights = torch.softmax(torch.tanh(self.pooling.key(memory)) @ self.pooling.query, 0)
            pooled = weights @ memory
        return self.out(pooled), weights


class LanguageModel(nn.Module):
    def __init__(self, cell="gru", num_layers=1, tied=False, embedding_size=HIDDEN):
        super().__init__()
        self.cell = cell
        self.embedding = nn.Embedding(OUTPUT, embedding_size)
        setattr(self, cell, recurrent(cell, embedding_size, num_layers))
        self.out = nn.Linear(HIDDEN, OUTPUT)
        if tied:
            self.out.weight = self.embedding.weight

    def forward(self, ids, state):
        h, state = getattr(self, self.cell)(self.embedding(torch.tensor(ids)), state)
        return self.out(h), tuple(part.detach() for part in state) if self.cell == "lstm" else state.detach()


def rounded(model):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.round(parameter * SCALE, decimals=3))
    return model


def answer(model, options, loss):
    loss.backward()
    return {
        "options": camel(options),
        "state": {name: plain(value) for name, value in model.state_dict().items()},
        "loss": loss.item(),
        "gradients": {name: plain(value.grad) for name, value in model.state_dict(keep_vars=True).items()},
    }


def seq2seq(**options):
    model = rounded(FrameSeq2Seq(**options))
    runs = [model(frames, [BOS, *ids]) for frames, ids in zip(FRAMES, TARGETS)]
    wanted = torch.tensor([each for ids in TARGETS for each in [*ids, EOS]])
    loss = F.cross_entropy(torch.cat([logits for _, logits in runs]), wanted)
    return {**answer(model, options, loss), "memory": [plain(memory) for memory, _ in runs]}


def classifier(**options):
    model = rounded(Classifier(**options))
    runs = [model(source) for source in (FRAMES if "features" in options else TOKENS)]
    logits = torch.stack([each for each, _ in runs])
    attention = [plain(weights) for _, weights in runs] if runs[0][1] is not None else None
    loss = F.cross_entropy(logits, torch.tensor(LABELS))
    return {**answer(model, options, loss), "logits": plain(logits), "attention": attention}


def language(**options):
    model = rounded(LanguageModel(**options))
    state, losses = None, []
    for ids, wanted in PIECES:
        logits, state = model(ids, state)
        losses.append(F.cross_entropy(logits.flatten(0, 1), torch.tensor(wanted).flatten()))
    return {**answer(model, options, sum(losses)), "losses": [loss.item() for loss in losses]}


result = {
    "sizes": {"features": FEATURES, "outputSize": OUTPUT, "hiddenSize": HIDDEN},
    "frames": [plain(frames) for frames in FRAMES],
    "targets": TARGETS,
    "tokens": TOKENS,
    "classes": LABELS,
    "pieces": PIECES,
    "seq2seq": [
        seq2seq(attention="additive"),
        seq2seq(attention="additive", bidirectional=True, stack=3),
        seq2seq(attention="additive", num_layers=2, bidirectional=True, subsample=1),
        seq2seq(attention="additive", cell="lstm", num_layers=3, bidirectional=True, stack=2, subsample=2),
        seq2seq(num_layers=3, subsample=1),
        seq2seq(attention="additive", cell="lstm", num_layers=2, subsample=1, initial_state="mean"),
    ],
    "classifier": [
        classifier(features=FEATURES),
        classifier(features=FEATURES, cell="lstm", num_layers=2, bidirectional=True),
        classifier(features=FEATURES, num_layers=2, bidirectional=True, stack=2, subsample=1, pooling="mean"),
        classifier(features=FEATURES, bidirectional=True, stack=2, pooling="attention"),
        classifier(input_size=INPUT, cell="lstm", embedding_size=2),
        classifier(input_size=INPUT, bidirectional=True, pooling="attention"),
    ],
    "language": [
        language(),
        language(cell="lstm", num_layers=2, embedding_size=2),
        language(num_layers=2, tied=True),
    ],
}
text = json.dumps(result, separators=(",", ":"), allow_nan=False)
pathlib.Path(__file__).with_suffix(".json").write_text(re.sub(r'(\[?\{"options")', r"\n\1", text) + "\n")
