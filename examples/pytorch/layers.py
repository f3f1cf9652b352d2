"""The parts of a translator, under the names that seqgrad's files give their weights."""
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

State = tuple[Tensor, ...]
"""What a recurrent layer carries on: (h,) or, of an LSTM, (h, c), each [layers * directions, B, H]."""
GATES = {"rnn": 1, "gru": 3, "lstm": 4}


class NormalizedLayers(nn.Module):
    """RNN, GRU or LSTM with what PyTorch's own layers have not, step by step.

    With ``layer_norm`` both products of a step are normalised before they meet (Ba, Kiros and Hinton, 2016):

        norm(W_ih x) + norm(W_hh h)  instead of  W_ih x + b_ih + W_hh h + b_hh

    With ``residual`` every layer but the lowest adds what it reads to its output.
    """

    def __init__(self, cell: str, inputs: int, hidden: int, *, num_layers: int, bidirectional: bool, layer_norm: bool,
                 residual: bool, dropout: float):
        super().__init__()
        self.cell, self.hidden, self.num_layers, self.dropout = cell, hidden, num_layers, dropout
        self.layer_norm, self.residual = layer_norm, residual
        self.directions = ["", "_reverse"] if bidirectional else [""]
        rows, bound = GATES[cell] * hidden, hidden**-0.5
        for layer in range(num_layers):
            width = inputs if layer == 0 else hidden * len(self.directions)
            for place in [f"_l{layer}{direction}" for direction in self.directions]:
                for side, columns in [("ih", width), ("hh", hidden)]:
                    weight = nn.Parameter(torch.empty(rows, columns).uniform_(-bound, bound))
                    self.register_parameter(f"weight_{side}{place}", weight)
                    if layer_norm:
                        self.register_parameter(f"norm_{side}_weight{place}", nn.Parameter(torch.ones(rows)))
                        self.register_parameter(f"norm_{side}_bias{place}", nn.Parameter(torch.zeros(rows)))
                    else:
                        bias = nn.Parameter(torch.empty(rows).uniform_(-bound, bound))
                        self.register_parameter(f"bias_{side}{place}", bias)

    def product(self, x: Tensor, side: str, place: str) -> Tensor:
        weight = getattr(self, f"weight_{side}{place}")
        if not self.layer_norm:
            return F.linear(x, weight, getattr(self, f"bias_{side}{place}"))
        gain, bias = getattr(self, f"norm_{side}_weight{place}"), getattr(self, f"norm_{side}_bias{place}")
        return F.layer_norm(F.linear(x, weight), gain.shape, gain, bias)

    def step(self, a: Tensor, state: State, place: str) -> State:
        """One step, ``a`` being the product with the input; gates stand in PyTorch's order, and so do their equations.

            rnn   h = tanh(a + b)
            gru   r, z = σ(a + b),  n = tanh(a + r b),  h = (1 - z) n + z h
            lstm  i, f, o = σ(a + b),  g = tanh(a + b),  c = f c + i g,  h = o tanh(c)
        """
        h, b = state[0], self.product(state[0], "hh", place)
        if self.cell == "rnn":
            return (torch.tanh(a + b),)
        if self.cell == "gru":
            (ar, az, an), (br, bz, bn) = a.chunk(3, -1), b.chunk(3, -1)
            z = torch.sigmoid(az + bz)
            n = torch.tanh(an + torch.sigmoid(ar + br) * bn)
            return ((1 - z) * n + z * h,)
        i, f, g, o = (a + b).chunk(4, -1)
        c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

    def forward(self, x: Tensor, state: State | None, lengths: Tensor | None) -> tuple[Tensor, State]:
        """x [T, B, F] → [T, B, directions * H], 0 past each length, and each sequence's last state."""
        T, B, _ = x.shape
        if state is None:
            zeros = x.new_zeros(self.num_layers * len(self.directions), B, self.hidden)
            state = (zeros,) * (2 if self.cell == "lstm" else 1)
        lengths = torch.full([B], T) if lengths is None else lengths
        running = (torch.arange(T)[:, None] < lengths).unsqueeze(-1)  # [T, B, 1]
        last: list[State] = []
        for layer in range(self.num_layers):
            below = x
            if layer > 0:
                x = F.dropout(x, self.dropout, self.training)
            outputs = []
            for direction in self.directions:
                place = f"_l{layer}{direction}"
                a, own = self.product(x, "ih", place), tuple(part[len(last)] for part in state)
                steps: list[Tensor] = [x] * T
                for t in reversed(range(T)) if direction else range(T):
                    new = self.step(a[t], own, place)
                    own = tuple(torch.where(running[t], after, before) for after, before in zip(new, own))
                    steps[t] = own[0] * running[t]
                outputs.append(torch.stack(steps))
                last.append(own)
            x = torch.cat(outputs, -1)
            if self.residual and layer > 0:
                x = x + below
        return x, tuple(torch.stack(parts) for parts in zip(*last))


def recurrent(cell: str, inputs: int, hidden: int, *, num_layers: int = 1, bidirectional: bool = False,
              layer_norm: bool = False, residual: bool = False, dropout: float = 0.0) -> nn.Module:
    """PyTorch's own layer where it does, as that is the faster one."""
    options = {"num_layers": num_layers, "bidirectional": bidirectional, "dropout": dropout if num_layers > 1 else 0.0}
    if layer_norm or residual:
        return NormalizedLayers(cell, inputs, hidden, layer_norm=layer_norm, residual=residual, **options)
    return {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell](inputs, hidden, **options)


def run(layer: nn.Module, x: Tensor, state: State | None, lengths: Tensor | None = None) -> tuple[Tensor, State]:
    """Any of them, behind one signature: x [T, B, F] → output [T, B, directions * H], last state."""
    if isinstance(layer, NormalizedLayers):
        return layer(x, state, lengths)
    is_lstm = isinstance(layer, nn.LSTM)
    given = state if state is None or is_lstm else state[0]
    if lengths is None:
        output, last = layer(x, given)
    else:
        packed, last = layer(pack_padded_sequence(x, lengths, enforce_sorted=False), given)
        output, _ = pad_packed_sequence(packed, total_length=len(x))
    return output, last if is_lstm else (last,)


class Attention(nn.Module):
    """Where to look: scores of all places of a source, softmax over the real ones, and the memory mixed by it.

        dot       score = query · memory                     (Luong et al., 2015)
        general   score = query · W memory
        additive  score = v · tanh(W query + U memory + b)   (Bahdanau et al., 2015)
    """

    def __init__(self, kind: str, hidden: int, memory: int):
        super().__init__()
        self.kind = kind
        if kind == "general":
            self.key = nn.Linear(memory, hidden, bias=False)
        elif kind == "additive":
            self.query = nn.Linear(hidden, hidden, bias=False)
            self.key = nn.Linear(memory, hidden)
            self.score = nn.Linear(hidden, 1, bias=False)

    def forward(self, query: Tensor, memory: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """query [T, B, H], memory [S, B, E] → context [T, B, E], weights [T, B, S]"""
        keys = memory if self.kind == "dot" else self.key(memory)
        if self.kind == "additive":
            sums = self.query(query).unsqueeze(2) + keys.transpose(0, 1)  # [T, B, S, H]
            scores = self.score(torch.tanh(sums)).squeeze(-1)
        else:
            scores = torch.einsum("tbh,sbh->tbs", query, keys)
        past = torch.arange(len(memory)) >= lengths.unsqueeze(-1)  # [B, S]
        weights = torch.softmax(scores.masked_fill(past, -torch.inf), -1)
        return torch.einsum("tbs,sbe->tbe", weights, memory), weights


class LexicalModel(nn.Module):
    """The words looked at lead straight to the output. (Nguyen and Chiang, 2018)

        f = tanh(Σ_s weights[s] word[s]),  h = tanh(W f) + f,  logits = ... + V h + b

    With ``tied`` tables V and b are those of the decoder's output layer.
    """

    def __init__(self, width: int, outputs: int, tied: bool):
        super().__init__()
        self.hidden = nn.Linear(width, width, bias=False)
        self.out = None if tied else nn.Linear(width, outputs)

    def forward(self, weights: Tensor, words: Tensor) -> Tensor:
        """weights [T, B, S], words [S, B, F] → h [T, B, F]"""
        f = torch.tanh(torch.einsum("tbs,sbf->tbf", weights, words))
        return torch.tanh(self.hidden(f)) + f
