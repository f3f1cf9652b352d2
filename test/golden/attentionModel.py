"""PyTorch's answers for test/seq2seq/models/goldenAttention.test.ts.

Run with a Python that has PyTorch (1.13):  python3 test/golden/attentionModel.py   → test/golden/attentionModel.json

A translation model with each kind of attention, its features fed back or attention between two cells (Sennrich et al.,
2017), or with its context at every step, on sentences of unequal lengths. PyTorch has the embeddings, layers and cells;
the attention of Luong et al. (2015) and Bahdanau et al. (2015) is written out. The decoder goes step by step, also where it need not. Weights are larger than a new model's, so that attention is
not even and its gradients not near 0; they have three decimals, for a small file.

"sizes"    inputSize, outputSize, hiddenSize
"sources"  "targets"  ids, without BOS and EOS
"cases"    a list: options, state; loss, gradients; logProbabilities [N, outputSize] of all real target tokens, step by
           step (all sentences' first, then all second ones); attention: for each sentence [T, S], or null
"""
import json
import pathlib
import re

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

torch.manual_seed(13)
INPUT, OUTPUT, HIDDEN = 7, 8, 3
SCALE = 3
PAD, BOS, EOS = 0, 2, 3
SOURCES, TARGETS = [[4, 6, 5], [5], [6, 4]], [[7, 4], [5, 6, 7], []]


def numbers(tensor):
    return [float(f"{x:.7g}") for x in tensor.detach().flatten().tolist()]


def plain(tensor):
    return {"shape": list(tensor.shape), "data": numbers(tensor)}


class Attention(nn.Module):
    def __init__(self, kind, hidden, memory):
        super().__init__()
        self.kind = kind
        if kind == "general":
            self.key = nn.Linear(memory, hidden, bias=False)
        if kind == "additive":
            self.query = nn.Linear(hidden, hidden, bias=False)
            self.key = nn.Linear(memory, hidden)
            self.score = nn.Linear(hidden, 1, bias=False)

    def forward(self, query, memory, lengths):
        """query [B, H], memory [S, B, E] → context [B, E], weights [B, S]"""
        if self.kind == "additive":
            scores = self.score(torch.tanh(self.query(query) + self.key(memory))).squeeze(2)  # [S, B]
        else:
            scores = (query * (memory if self.kind == "dot" else self.key(memory))).sum(2)
        past = torch.arange(len(memory)).unsqueeze(1) >= lengths
        weights = torch.softmax(scores.masked_fill(past, -torch.inf), 0)
        return (weights.unsqueeze(2) * memory).sum(0), weights.t()


class Encoder(nn.Module):
    def __init__(self, cell, layers, both):
        super().__init__()
        self.embedding = nn.Embedding(INPUT, HIDDEN)
        layer = {"gru": nn.GRU, "lstm": nn.LSTM}[cell]
        setattr(self, cell, layer(HIDDEN, HIDDEN, num_layers=layers, bidirectional=both))

    def forward(self, layer, source, lengths):
        packed = pack_padded_sequence(self.embedding(source), lengths, enforce_sorted=False)
        output, last = layer(packed)
        return pad_packed_sequence(output)[0], last


class Decoder(nn.Module):
    def __init__(self, cell, layers, attention, memory, wide, conditional):
        super().__init__()
        self.embedding = nn.Embedding(OUTPUT, HIDDEN)
        layer = {"gru": nn.GRU, "lstm": nn.LSTM}[cell]
        setattr(self, cell, layer(HIDDEN * 2 if wide else HIDDEN, HIDDEN, num_layers=layers))
        if conditional:
            setattr(self, f"context_{cell}", layer(memory, HIDDEN))
        if attention != "none":
            self.attention = Attention(attention, HIDDEN, memory)
            self.combine = nn.Linear(memory + HIDDEN, HIDDEN)
        self.out = nn.Linear(HIDDEN, OUTPUT)


class Seq2Seq(nn.Module):
    def __init__(
        self, cell="gru", num_layers=1, bidirectional=False, attention="none", context_input=False, input_feeding=False,
        conditional=False,
    ):
        super().__init__()
        memory = HIDDEN * 2 if bidirectional else HIDDEN
        self.cell, self.kind = cell, attention
        self.context_input, self.input_feeding, self.conditional = context_input, input_feeding, conditional
        self.encoder = Encoder(cell, num_layers, bidirectional)
        wide = context_input or input_feeding
        self.decoder = Decoder(cell, num_layers, attention, memory, wide, conditional)
        for name in ["bridge", "bridge_c"][: 0 if not bidirectional else 2 if cell == "lstm" else 1]:
            setattr(self, name, nn.Linear(memory, HIDDEN))

    def encode(self, source, lengths):
        memory, last = self.encoder(getattr(self.encoder, self.cell), source, lengths)
        if not hasattr(self, "bridge"):
            return memory, last
        # [layers · 2, B, H] → [layers, B, 2H]
        join = lambda x: x.unflatten(0, (-1, 2)).transpose(1, 2).flatten(2)
        if self.cell == "lstm":
            return memory, (self.bridge(join(last[0])), self.bridge_c(join(last[1])))
        return memory, self.bridge(join(last))

    def forward(self, source, lengths, words):
        """→ log-probabilities [T, B, OUTPUT], weights [T, B, S] or null"""
        memory, state = self.encode(source, lengths)
        decoder, layer = self.decoder, getattr(self.decoder, self.cell)
        context = (state[0] if self.cell == "lstm" else state)[-1]
        said, weights, features = [], [], torch.zeros_like(context)
        for ids in words:
            x = decoder.embedding(ids)
            if self.kind == "none":
                x = torch.relu(x)
            if self.context_input or self.input_feeding:
                x = torch.cat([x, context if self.context_input else features], 1)
            h, state = layer(x.unsqueeze(0), state)
            features = h[0]
            if self.kind != "none":
                found, own = decoder.attention(h[0], memory, lengths)
                if self.conditional:
                    h, state = getattr(decoder, f"context_{self.cell}")(found.unsqueeze(0), state)
                features = torch.tanh(decoder.combine(torch.cat([found, h[0]], 1)))
                weights.append(own)
            said.append(torch.log_softmax(decoder.out(features), 1))
        return torch.stack(said), torch.stack(weights) if weights else None


def case(**options):
    model = Seq2Seq(**options)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.round(parameter * SCALE, decimals=3))
    source = pad_sequence([torch.tensor([*ids, EOS]) for ids in SOURCES], padding_value=PAD)
    words = pad_sequence([torch.tensor([BOS, *ids]) for ids in TARGETS], padding_value=PAD)
    wanted = pad_sequence([torch.tensor([*ids, EOS]) for ids in TARGETS], padding_value=PAD)
    said, weights = model(source, torch.tensor([len(ids) + 1 for ids in SOURCES]), words)
    real = wanted != PAD
    loss = F.nll_loss(said[real], wanted[real])
    loss.backward()
    attention = weights is not None and [
        plain(weights[: len(target) + 1, b, : len(source) + 1]) for b, (source, target) in enumerate(zip(SOURCES, TARGETS))
    ]
    camel = lambda name: re.sub("_(.)", lambda match: match[1].upper(), name)
    return {
        "options": {camel(name): value for name, value in options.items()},
        "state": {name: plain(value) for name, value in model.state_dict().items()},
        "loss": loss.item(),
        "gradients": {name: plain(parameter.grad) for name, parameter in model.named_parameters()},
        "logProbabilities": plain(said[real]),
        "attention": attention or None,
    }


cases = [
    case(context_input=True),
    case(context_input=True, cell="lstm", num_layers=2, bidirectional=True),
    case(attention="dot"),
    case(attention="dot", cell="lstm", num_layers=2),
    case(attention="general", bidirectional=True),
    case(attention="general", cell="lstm", num_layers=2, bidirectional=True),
    case(attention="additive", cell="lstm"),
    case(attention="additive", num_layers=2, bidirectional=True),
    case(attention="dot", input_feeding=True),
    case(attention="general", bidirectional=True, input_feeding=True),
    case(attention="additive", cell="lstm", num_layers=2, bidirectional=True, input_feeding=True),
    case(attention="dot", cell="lstm", conditional=True),
    case(attention="general", conditional=True),
    case(attention="additive", bidirectional=True, conditional=True),
]
sizes = {"inputSize": INPUT, "outputSize": OUTPUT, "hiddenSize": HIDDEN}
result = {"sizes": sizes, "sources": SOURCES, "targets": TARGETS, "cases": cases}
text = json.dumps(result, separators=(",", ":"), allow_nan=False)
pathlib.Path(__file__).with_suffix(".json").write_text(re.sub(r'(\[?\{"options")', r"\n\1", text) + "\n")
