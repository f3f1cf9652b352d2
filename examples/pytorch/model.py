"""seqgrad's translation model in PyTorch: what ``config.json`` describes, with weights under the same names."""
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from layers import Attention, LexicalModel, State, recurrent, run


@dataclass
class Batch:
    """Padded sentences, a column each."""

    source: Tensor
    """[S, B], EOS at each end"""
    lengths: Tensor
    """[B], EOS counted"""
    words: Tensor
    """[T, B], BOS and the target: what the decoder reads"""
    targets: Tensor
    """[T, B], the target and EOS: what it should say; -1 past the end"""


@dataclass
class Reading:
    """Where a decoder stands, and all it may look at."""

    state: State
    memory: Tensor
    """[S, B, E], the encoder's outputs"""
    lengths: Tensor
    embedded: Tensor
    """[S, B, F], the source's words"""
    context: Tensor
    """[B, H], what every step reads beside its token where ``contextInput`` is set"""
    feature: Tensor
    """[1, B, O], with input feeding the last step's feature"""

    def rows(self, chosen: Tensor) -> "Reading":
        """Some of the sentences."""
        columns = {name: getattr(self, name)[:, chosen] for name in ("memory", "embedded", "feature")}
        state = tuple(part[:, chosen] for part in self.state)
        return replace(self, state=state, lengths=self.lengths[chosen], context=self.context[chosen], **columns)


def drop_tokens(embedded: Tensor, config: dict, training: bool) -> Tensor:
    """Dropout of whole words, then of single numbers: embedded [T, B, F] → the same shape."""
    whole = F.dropout(torch.ones(*embedded.shape[:-1], 1), config["wordDropout"], training)
    return F.dropout(embedded * whole, config["embeddingDropout"], training)


class Encoder(nn.Module):
    """Embedding and a recurrent layer."""

    def __init__(self, config: dict):
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config["inputSize"], config["embeddingSize"])
        layers = {name: config[key] for name, key in LAYERS.items()}
        layer = recurrent(config["cell"], config["embeddingSize"], config["hiddenSize"], **layers,
                          num_layers=config["numLayers"], bidirectional=config["bidirectional"])
        setattr(self, config["cell"], layer)

    def forward(self, source: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, State]:
        """ids [S, B] → embedded words [S, B, F], outputs [S, B, E], last state"""
        embedded = drop_tokens(self.embedding(source), self.config, self.training)
        output, last = run(getattr(self, self.config["cell"]), embedded, None, lengths)
        return embedded, output, last


LAYERS = {"layer_norm": "layerNorm", "residual": "residual", "dropout": "dropout"}


class Decoder(nn.Module):
    """Reads a token a step and says what may follow. The attention stands

    - nowhere (``attention`` "none": all there is is the encoder's last state),
    - after the recurrent layer, whose output it joins: f = tanh(W [context; h] + b) (Luong et al., 2015),
    - there, and f is read by the next step (``inputFeeding``),
    - or inside the step, between two cells (``conditional``; Sennrich et al., 2017).
    """

    def __init__(self, config: dict, embedding: nn.Embedding | None):
        super().__init__()
        self.config = config
        cell, hidden, width = config["cell"], config["hiddenSize"], config["embeddingSize"]
        outputs, is_tied, attends = config["outputSize"], config["tied"] != "none", config["attention"] != "none"
        memory = hidden * (2 if config["bidirectional"] else 1)
        features = width if attends and is_tied else hidden
        inside = {name: config[key] for name, key in LAYERS.items()}
        self.embedding = embedding or nn.Embedding(outputs, width)
        inputs = width + (hidden if config["contextInput"] else 0) + (features if config["inputFeeding"] else 0)
        num_layers = 1 if config["conditional"] else config["numLayers"]
        setattr(self, cell, recurrent(cell, inputs, hidden, num_layers=num_layers, **inside))
        if config["conditional"]:
            setattr(self, f"context_{cell}", recurrent(cell, memory, hidden, **inside))
            if config["numLayers"] > 1:
                above = range(config["numLayers"] - 1)
                self.upper = nn.ModuleList(recurrent(cell, hidden, hidden, **inside) for _ in above)
        if attends:
            self.attention = Attention(config["attention"], hidden, memory)
            self.combine = nn.Linear(memory + hidden, features)
        self.out = nn.Linear(features, outputs)
        if is_tied:
            self.out.weight = self.embedding.weight
        self.lexical = LexicalModel(width, outputs, is_tied) if config["lexical"] else None

    def forward(self, ids: Tensor, reading: Reading) -> tuple[Tensor, Reading]:
        """ids [T, B] → logits [T, B, outputs], where the decoder stands then"""
        config, layer = self.config, getattr(self, self.config["cell"])
        x = drop_tokens(self.embedding(ids), config, self.training)
        if config["attention"] == "none":
            x = torch.relu(x)
            if config["contextInput"]:
                x = torch.cat([x, reading.context.expand(len(x), -1, -1)], -1)
            features, state = run(layer, x, reading.state)
            features = F.dropout(features, config["outputDropout"], self.training)
            return self.out(features), replace(reading, state=state)
        if config["inputFeeding"]:
            features, weights, reading = self.feed(x, reading)
        else:
            if config["conditional"]:
                h, context, weights, state = self.step_between(x, reading)
            else:
                h, state = run(layer, x, reading.state)
                context, weights = self.attention(h, reading.memory, reading.lengths)
            features = torch.tanh(self.combine(torch.cat([context, h], -1)))
            reading = replace(reading, state=state)
        features = F.dropout(features, config["outputDropout"], self.training)
        if self.lexical is None:
            return self.out(features), reading
        h = self.lexical(weights, reading.embedded)
        logits = self.out(features + h) if self.lexical.out is None else self.out(features) + self.lexical.out(h)
        return logits, reading

    def feed(self, x: Tensor, reading: Reading) -> tuple[Tensor, Tensor, Reading]:
        """h(t) = layers([x(t); f(t-1)], h(t-1)),  f(t) = tanh(W [context(t); h(t)] + b)"""
        state, feature, features, weights = reading.state, reading.feature, [], []
        for word in x.split(1):
            h, state = run(getattr(self, self.config["cell"]), torch.cat([word, feature], -1), state)
            context, looked = self.attention(h, reading.memory, reading.lengths)
            feature = torch.tanh(self.combine(torch.cat([context, h], -1)))
            features.append(feature)
            weights.append(looked)
        return torch.cat(features), torch.cat(weights), replace(reading, state=state, feature=feature)

    def step_between(self, x: Tensor, reading: Reading) -> tuple[Tensor, Tensor, Tensor, State]:
        """h'(t) = cell1(x(t), h(t-1)),  context(t) = attention(h'(t)),  h(t) = cell2(context(t), h'(t))"""
        first, second = getattr(self, self.config["cell"]), getattr(self, f"context_{self.config['cell']}")
        own = tuple(part[:1].contiguous() for part in reading.state)
        hs, contexts, weights = [], [], []
        for word in x.split(1):
            h, own = run(first, word, own)
            context, looked = self.attention(h, reading.memory, reading.lengths)
            h, own = run(second, context, own)
            hs.append(h)
            contexts.append(context)
            weights.append(looked)
        h, states = torch.cat(hs), [own]
        for k, layer in enumerate(getattr(self, "upper", []), 1):
            above = F.dropout(h, self.config["dropout"], self.training)
            output, state = run(layer, above, tuple(part[k : k + 1].contiguous() for part in reading.state))
            h = output + h if self.config["residual"] else output
            states.append(state)
        return h, torch.cat(contexts), torch.cat(weights), tuple(torch.cat(parts) for parts in zip(*states))


class Seq2Seq(nn.Module):
    """Encoder and decoder, joined by the encoder's last states or by the mean of its outputs."""

    def __init__(self, config: dict):
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config, self.encoder.embedding if config["tied"] == "all" else None)
        hidden = config["hiddenSize"]
        memory = hidden * (2 if config["bidirectional"] else 1)
        self.parts = ["", "_c"] if config["cell"] == "lstm" else [""]
        for part in self.parts:
            if config["initialState"] == "mean":
                setattr(self, f"initial{part}", nn.Linear(memory, config["numLayers"] * hidden))
            elif config["bidirectional"]:
                setattr(self, f"bridge{part}", nn.Linear(memory, hidden))

    def read(self, source: Tensor, lengths: Tensor) -> Reading:
        """ids [S, B] → where the decoder begins"""
        embedded, output, last = self.encoder(source, lengths)
        memory = F.dropout(output, self.config["contextDropout"], self.training)
        state = self.first_state(memory, lengths, last)
        feature = memory.new_zeros(1, len(lengths), self.decoder.out.in_features)
        return Reading(state, memory, lengths, embedded, state[0][-1], feature)

    def first_state(self, memory: Tensor, lengths: Tensor, last: State) -> State:
        if self.config["initialState"] == "mean":
            mean = memory.sum(0) / lengths.unsqueeze(1)
            linears = [getattr(self, f"initial{part}") for part in self.parts]
            split = [torch.tanh(linear(mean)).chunk(self.config["numLayers"], -1) for linear in linears]
            return tuple(torch.stack(parts) for parts in split)
        if not self.config["bidirectional"]:
            return last
        joined = [torch.cat([part[0::2], part[1::2]], -1) for part in last]  # both directions of a layer side by side
        return tuple(getattr(self, f"bridge{part}")(both) for part, both in zip(self.parts, joined))

    def forward(self, batch: Batch, label_smoothing: float = 0.0) -> Tensor:
        """The sum of the cross-entropies of all real target tokens, in nats, with teacher forcing."""
        logits, _ = self.decoder(batch.words, self.read(batch.source, batch.lengths))
        return F.cross_entropy(logits.flatten(0, 1), batch.targets.flatten(), ignore_index=-1, reduction="sum",
                               label_smoothing=label_smoothing)
