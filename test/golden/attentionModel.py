"""PyTorch's answers for test/seq2seq/models/goldenAttention.test.ts.

Run with a Python that has PyTorch (1.13):  python3 test/golden/attentionModel.py   → test/golden/attentionModel.json

A translation model with each kind of attention, its features fed back or attention between two cells (Sennrich et al.,
2017), or with its context at every step, on sentences of unequal lengths; and what can be had beside: embeddings of
another width, a first state from the mean of what was read, tied tables, a lexical model (Nguyen and Chiang, 2018), layer
normalisation in the recurrent step (Ba, Kiros and Hinton, 2016) and residual connections. PyTorch has the embeddings,
layers and cells, but for the last two; the rest, such as the attention of Luong et al. (2015) and Bahdanau et al. (2015),
is written out. The decoder goes step by step, also where it need not. Weights are larger than a new model's, so that attention is
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


class Layers(nn.Module):
    """GRU or LSTM layers step by step: each product is normalised, or has a bias; layers above the lowest may be residual."""

    def __init__(self, cell, inputs, hidden, num_layers=1, bidirectional=False, layer_norm=False, residual=False):
        super().__init__()
        self.cell, self.hidden, self.residual = cell, hidden, residual
        self.directions = ["", "_reverse"] if bidirectional else [""]
        self.layers, self.layer_norm = num_layers, layer_norm
        rows = hidden * {"gru": 3, "lstm": 4}[cell]
        scale = hidden**-0.5
        add = lambda name, *shape: self.register_parameter(name, nn.Parameter(torch.empty(shape).uniform_(-scale, scale)))
        for layer in range(num_layers):
            for direction in self.directions:
                at = f"_l{layer}{direction}"
                add("weight_ih" + at, rows, inputs if layer == 0 else hidden * len(self.directions))
                add("weight_hh" + at, rows, hidden)
                for side in ["ih", "hh"]:
                    for name in [f"norm_{side}_weight", f"norm_{side}_bias"] if layer_norm else [f"bias_{side}"]:
                        add(name + at, rows)

    def project(self, x, side, at):
        product = x @ getattr(self, f"weight_{side}{at}").t()
        if not self.layer_norm:
            return product + getattr(self, f"bias_{side}{at}")
        gain, bias = getattr(self, f"norm_{side}_weight{at}"), getattr(self, f"norm_{side}_bias{at}")
        return F.layer_norm(product, product.shape[-1:], gain, bias)

    def step(self, x, h, c, at):
        a, b = self.project(x, "ih", at).chunk(3 if self.cell == "gru" else 4, -1), None
        b = self.project(h, "hh", at).chunk(len(a), -1)
        if self.cell == "gru":
            r, z = torch.sigmoid(a[0] + b[0]), torch.sigmoid(a[1] + b[1])
            n = torch.tanh(a[2] + r * b[2])
            return (1 - z) * n + z * h, c
        i, f, o = (torch.sigmoid(a[k] + b[k]) for k in (0, 1, 3))
        c = f * c + i * torch.tanh(a[2] + b[2])
        return o * torch.tanh(c), c

    def forward(self, x, state=None, lengths=None):
        """x [T, B, F] → [T, B, directions · H], last states [layers · directions, B, H]"""
        T, B, _ = x.shape
        lengths = [T] * B if lengths is None else lengths.tolist()
        parts = [state] if self.cell == "gru" or state is None else list(state)
        zero = torch.zeros(self.layers * len(self.directions), B, self.hidden)
        h0, c0 = parts[0] if state is not None else zero, parts[-1] if state is not None else zero
        lasts = []
        for layer in range(self.layers):
            outputs = []
            for d, direction in enumerate(self.directions):
                index, rows, last = layer * len(self.directions) + d, [], []
                for b, length in enumerate(lengths):
                    h, c = h0[index, b], c0[index, b]
                    own = [torch.zeros(self.hidden)] * T
                    for t in range(length) if not d else reversed(range(length)):
                        h, c = self.step(x[t, b], h, c, f"_l{layer}{direction}")
                        own[t] = h
                    rows.append(torch.stack(own))
                    last.append((h, c))
                outputs.append(torch.stack(rows, 1))
                lasts.append(tuple(torch.stack(each) for each in zip(*last)))
            output = torch.cat(outputs, -1)
            x = output + x if self.residual and layer > 0 else output
        h, c = (torch.stack(each) for each in zip(*lasts))
        return x, h if self.cell == "gru" else (h, c)


def recurrent(cell, inputs, hidden, num_layers=1, bidirectional=False, layer_norm=False, residual=False):
    if layer_norm or residual:
        return Layers(cell, inputs, hidden, num_layers, bidirectional, layer_norm, residual)
    return {"gru": nn.GRU, "lstm": nn.LSTM}[cell](inputs, hidden, num_layers=num_layers, bidirectional=bidirectional)


class Encoder(nn.Module):
    def __init__(self, cell, layers, both, inputs, width, **inside):
        super().__init__()
        self.embedding = nn.Embedding(inputs, width)
        setattr(self, cell, recurrent(cell, width, HIDDEN, num_layers=layers, bidirectional=both, **inside))

    def forward(self, layer, source, lengths):
        words = self.embedding(source)
        if isinstance(layer, Layers):
            return words, *layer(words, lengths=lengths)
        output, last = layer(pack_padded_sequence(words, lengths, enforce_sorted=False))
        return words, pad_packed_sequence(output)[0], last


class Lexical(nn.Module):
    def __init__(self, width, tied):
        super().__init__()
        self.hidden = nn.Linear(width, width, bias=False)
        if not tied:
            self.out = nn.Linear(width, OUTPUT)

    def forward(self, weights, words):
        """weights [B, S], words [S, B, F] → h [B, F]"""
        f = torch.tanh((weights.t().unsqueeze(2) * words).sum(0))
        return torch.tanh(self.hidden(f)) + f


class Decoder(nn.Module):
    def __init__(self, cell, layers, attention, memory, wide, conditional, width, tied, lexical, layer_norm, residual):
        super().__init__()
        self.residual = residual
        self.embedding = nn.Embedding(OUTPUT, width)
        features = HIDDEN if attention == "none" or tied == "none" else width
        read = width + wide * (features if attention != "none" else HIDDEN)
        inside = {"layer_norm": layer_norm, "residual": residual}
        setattr(self, cell, recurrent(cell, read, HIDDEN, num_layers=1 if conditional else layers, **inside))
        if conditional:
            setattr(self, f"context_{cell}", recurrent(cell, memory, HIDDEN, **inside))
            if layers > 1:
                self.upper = nn.ModuleList(recurrent(cell, HIDDEN, HIDDEN, **inside) for _ in range(layers - 1))
        if attention != "none":
            self.attention = Attention(attention, HIDDEN, memory)
            self.combine = nn.Linear(memory + HIDDEN, features)
        self.out = nn.Linear(features, OUTPUT)
        if tied != "none":
            self.out.weight = self.embedding.weight
        if lexical:
            self.lexical = Lexical(width, tied != "none")


class Seq2Seq(nn.Module):
    def __init__(
        self, cell="gru", num_layers=1, bidirectional=False, attention="none", context_input=False, input_feeding=False,
        conditional=False, embedding_size=HIDDEN, initial_state="last", tied="none", lexical=False, layer_norm=False,
        residual=False, input_size=INPUT,
    ):
        super().__init__()
        memory = HIDDEN * 2 if bidirectional else HIDDEN
        self.cell, self.kind = cell, attention
        self.context_input, self.input_feeding, self.conditional = context_input, input_feeding, conditional
        inside = {"layer_norm": layer_norm, "residual": residual}
        self.encoder = Encoder(cell, num_layers, bidirectional, input_size, embedding_size, **inside)
        wide = context_input or input_feeding
        tables = {"width": embedding_size, "tied": tied, "lexical": lexical}
        self.decoder = Decoder(cell, num_layers, attention, memory, wide, conditional, **tables, **inside)
        if tied == "all":
            self.encoder.embedding = self.decoder.embedding
        mean = initial_state == "mean"
        for name in ["initial", "initial_c"][: 0 if not mean else 2 if cell == "lstm" else 1]:
            setattr(self, name, nn.Linear(memory, num_layers * HIDDEN))
        for name in ["bridge", "bridge_c"][: 0 if mean or not bidirectional else 2 if cell == "lstm" else 1]:
            setattr(self, name, nn.Linear(memory, HIDDEN))

    def encode(self, source, lengths):
        words, memory, last = self.encoder(getattr(self.encoder, self.cell), source, lengths)
        return words, memory, self.begin(memory, lengths, last)

    def begin(self, memory, lengths, last):
        if hasattr(self, "initial"):
            mean = memory.sum(0) / lengths.unsqueeze(1)
            first = lambda linear: torch.tanh(linear(mean)).unflatten(1, (-1, HIDDEN)).transpose(0, 1).contiguous()
            return (first(self.initial), first(self.initial_c)) if self.cell == "lstm" else first(self.initial)
        if not hasattr(self, "bridge"):
            return last
        # [layers · 2, B, H] → [layers, B, 2H]
        join = lambda x: x.unflatten(0, (-1, 2)).transpose(1, 2).flatten(2)
        if self.cell == "lstm":
            return self.bridge(join(last[0])), self.bridge_c(join(last[1]))
        return self.bridge(join(last))

    def forward(self, source, lengths, words):
        """→ log-probabilities [T, B, OUTPUT], weights [T, B, S] or null"""
        read, memory, state = self.encode(source, lengths)
        decoder, layer = self.decoder, getattr(self.decoder, self.cell)
        context = (state[0] if self.cell == "lstm" else state)[-1]
        said, weights, features = [], [], torch.zeros(len(context), decoder.out.in_features)
        upper = list(getattr(decoder, "upper", []))
        part = lambda of, k: (of[0][k : k + 1], of[1][k : k + 1]) if self.cell == "lstm" else of[k : k + 1]
        states = [part(state, k) for k in range(len(upper) + 1)] if self.conditional else None
        for ids in words:
            x = decoder.embedding(ids)
            if self.kind == "none":
                x = torch.relu(x)
            if self.context_input or self.input_feeding:
                x = torch.cat([x, context if self.context_input else features], 1)
            if self.conditional:
                h, states[0] = layer(x.unsqueeze(0), states[0])
            else:
                h, state = layer(x.unsqueeze(0), state)
            features = h[0]
            if self.kind != "none":
                found, own = decoder.attention(h[0], memory, lengths)
                if self.conditional:
                    h, states[0] = getattr(decoder, f"context_{self.cell}")(found.unsqueeze(0), states[0])
                    for k, each in enumerate(upper):
                        y, states[k + 1] = each(h, states[k + 1])
                        h = y + h if decoder.residual else y
                features = torch.tanh(decoder.combine(torch.cat([found, h[0]], 1)))
                weights.append(own)
            h = decoder.lexical(own, read) if hasattr(decoder, "lexical") else None
            if h is None:
                logits = decoder.out(features)
            elif hasattr(decoder.lexical, "out"):
                logits = decoder.out(features) + decoder.lexical.out(h)
            else:  # the table of all tokens is the output layer of both
                logits = decoder.out(features + h)
            said.append(torch.log_softmax(logits, 1))
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
        "gradients": {name: plain(value.grad) for name, value in model.state_dict(keep_vars=True).items()},
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
    case(embedding_size=2, initial_state="mean", context_input=True),
    case(tied="decoder", cell="lstm", num_layers=2, bidirectional=True, initial_state="mean"),
    case(attention="general", embedding_size=2, num_layers=2, bidirectional=True, initial_state="mean", lexical=True),
    case(attention="additive", embedding_size=2, cell="lstm", input_feeding=True, tied="decoder", lexical=True),
    case(attention="dot", embedding_size=4, conditional=True, tied="decoder", initial_state="mean", lexical=True),
    case(attention="general", embedding_size=2, bidirectional=True, conditional=True, tied="all", input_size=OUTPUT),
    case(layer_norm=True, residual=True, num_layers=2, bidirectional=True),
    case(attention="general", cell="lstm", num_layers=2, layer_norm=True, residual=True),
    case(attention="additive", num_layers=2, bidirectional=True, input_feeding=True, layer_norm=True, residual=True),
    case(attention="additive", bidirectional=True, conditional=True, layer_norm=True, embedding_size=2, tied="decoder"),
    case(attention="dot", cell="lstm", conditional=True, num_layers=3, residual=True, layer_norm=True),
    case(attention="general", conditional=True, num_layers=2, initial_state="mean"),
]
sizes = {"inputSize": INPUT, "outputSize": OUTPUT, "hiddenSize": HIDDEN}
result = {"sizes": sizes, "sources": SOURCES, "targets": TARGETS, "cases": cases}
text = json.dumps(result, separators=(",", ":"), allow_nan=False)
pathlib.Path(__file__).with_suffix(".json").write_text(re.sub(r'(\[?\{"options")', r"\n\1", text) + "\n")
