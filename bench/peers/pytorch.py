"""PyTorch, by the same rule as common.mjs. TORCH_THREADS and OPENBLAS_NUM_THREADS set its threads."""

import json
import math
import os
import time

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

V, H, T, LR = 4000, 256, 10, 0.01
QUICK = os.environ.get("BENCH_QUICK") == "1"
WANTED = [start for start in os.environ.get("BENCH_CASES", "").split(",") if start]
SAMPLE_S, SAMPLES, BUDGET_S, WARM_S, WARM_CALLS = (0.002, 3, 0.5, 0.02, 1) if QUICK else (0.02, 15, 12, 0.5, 2)

THREADS = int(os.environ.get("TORCH_THREADS", "1"))
OPENBLAS = os.environ.get("OPENBLAS_NUM_THREADS", "unset")
LIBRARY = f"PyTorch {torch.__version__}"
SETTING = f"threads {THREADS}, OpenBLAS {OPENBLAS}"


def wants(name):
    return not WANTED or any(name.startswith(start) for start in WANTED)


def tokens(batch, seed=12345):
    """The ids that common.mjs draws: source, decoder input and target, [batch, T] each."""
    state = seed

    def draw():
        nonlocal state
        ids = []
        for _ in range(batch * T):
            state = (state * 1664525 + 1013904223) % 2**32
            ids.append(4 + int(state / 2**32 * (V - 4)))
        return torch.tensor(ids).reshape(batch, T)

    return draw(), draw(), draw()


def measure(name, body, variant="", info=dict):
    """Warm up, then up to 15 samples of the mean time of a call, at least 3."""
    start, calls, fastest = time.perf_counter(), 0, math.inf
    while calls < WARM_CALLS or time.perf_counter() - start < WARM_S:
        before = time.perf_counter()
        body()
        fastest = min(fastest, time.perf_counter() - before)
        calls += 1
    inner, samples, start = max(1, math.ceil(SAMPLE_S / fastest)), [], time.perf_counter()
    while len(samples) < 3 or (len(samples) < SAMPLES and time.perf_counter() - start < BUDGET_S):
        before = time.perf_counter()
        for _ in range(inner):
            body()
        samples.append(round((time.perf_counter() - before) / inner * 1e3, 5))
    label = f"{SETTING}, {variant}" if variant else SETTING
    print(json.dumps(dict(library=LIBRARY, variant=label, case=name, samples=samples, **info())), flush=True)


class Net(nn.Module):
    def __init__(self, sparse=False):
        super().__init__()
        self.source, self.target = nn.Embedding(V, H, sparse=sparse), nn.Embedding(V, H, sparse=sparse)
        self.encoder, self.decoder = nn.GRU(H, H, batch_first=True), nn.GRU(H, H, batch_first=True)
        self.out = nn.Linear(H, V)

    def forward(self, source, words):
        _, h = self.encoder(self.source(source))
        y, _ = self.decoder(F.relu(self.target(words)), h)
        return F.log_softmax(self.out(y), -1)

    def packed(self, source, words):
        """As a batch of unequal sentences would be given."""
        lengths = torch.full((len(source),), T)
        pack = lambda x: pack_padded_sequence(x, lengths, batch_first=True)
        _, h = self.encoder(pack(self.source(source)))
        y, _ = self.decoder(pack(F.relu(self.target(words))), h)
        return F.log_softmax(self.out(pad_packed_sequence(y, batch_first=True)[0]), -1)

    def tokenwise(self, source, words):
        """One call for each token, as the well-known tutorial does it."""
        h, said = None, []
        for t in range(T):
            _, h = self.encoder(self.source(source[:, t : t + 1]), h)
        for t in range(T):
            y, h = self.decoder(F.relu(self.target(words[:, t : t + 1])), h)
            said.append(F.log_softmax(self.out(y), -1))
        return torch.cat(said, 1)


class AttentionNet(nn.Module):
    """With general attention after the decoder's layer (Luong et al., 2015), over all target steps at once."""

    def __init__(self, sparse=False):
        super().__init__()
        self.source, self.target = nn.Embedding(V, H, sparse=sparse), nn.Embedding(V, H, sparse=sparse)
        self.encoder, self.decoder = nn.GRU(H, H, batch_first=True), nn.GRU(H, H, batch_first=True)
        self.key, self.combine, self.out = nn.Linear(H, H, bias=False), nn.Linear(2 * H, H), nn.Linear(H, V)

    def forward(self, source, words):
        memory, h = self.encoder(self.source(source))
        y, _ = self.decoder(self.target(words), h)
        weights = torch.softmax(torch.bmm(y, self.key(memory).transpose(1, 2)), -1)
        features = torch.tanh(self.combine(torch.cat([torch.bmm(weights, memory), y], -1)))
        return F.log_softmax(self.out(features), -1)


class FeedingNet(AttentionNet):
    """Its features are fed back as input (section 3.3), so that it goes step by step; the output is one product still."""

    def __init__(self, sparse=False):
        super().__init__(sparse)
        self.decoder = nn.GRUCell(2 * H, H)

    def forward(self, source, words, loop=None):
        memory, h = self.encoder(self.source(source))
        keys, parameters = self.key(memory).transpose(1, 2), [*self.decoder.parameters(), *self.combine.parameters()]
        return F.log_softmax(self.out((loop or fed)(self.target(words), h[0], memory, keys, *parameters)), -1)

    def scripted(self, source, words):
        return self.forward(source, words, scripted_fed)

    def ahead(self, source, words):
        return self.forward(source, words, scripted_ahead)


def fed(x, h, memory, keys, w_ih, w_hh, b_ih, b_hh, w_combine, b_combine):
    """x [B, T, H], h [B, H], memory [B, S, H], keys [B, H, S] → features [B, T, H]"""
    f, features = torch.zeros_like(h), []
    for t in range(x.shape[1]):
        h = torch.gru_cell(torch.cat([x[:, t], f], 1), h, w_ih, w_hh, b_ih, b_hh)
        weights = torch.softmax(torch.bmm(h.unsqueeze(1), keys), -1)
        f = torch.tanh(F.linear(torch.cat([torch.bmm(weights, memory)[:, 0], h], 1), w_combine, b_combine))
        features.append(f)
    return torch.stack(features, 1)


def ahead(x, h, memory, keys, w_ih, w_hh, b_ih, b_hh, w_combine, b_combine):
    """The same with one product for the words of all steps, and the gates written out."""
    f, features, width = torch.zeros_like(h), [], h.shape[1]
    words, w_f = F.linear(x, w_ih[:, :width], b_ih), w_ih[:, width:]
    for t in range(x.shape[1]):
        ir, iz, i_n = (words[:, t] + F.linear(f, w_f)).chunk(3, 1)
        hr, hz, hn = F.linear(h, w_hh, b_hh).chunk(3, 1)
        z, n = torch.sigmoid(iz + hz), torch.tanh(i_n + torch.sigmoid(ir + hr) * hn)
        h = n + z * (h - n)
        weights = torch.softmax(torch.bmm(h.unsqueeze(1), keys), -1)
        f = torch.tanh(F.linear(torch.cat([torch.bmm(weights, memory)[:, 0], h], 1), w_combine, b_combine))
        features.append(f)
    return torch.stack(features, 1)


scripted_fed, scripted_ahead = torch.jit.script(fed), torch.jit.script(ahead)


def train(name, batch, variant="", sparse=False, method="forward", set_to_none=False, model=Net):
    torch.manual_seed(0)
    net, (source, words, target) = model(sparse), tokens(batch)
    optimizer, losses = torch.optim.SGD(net.parameters(), lr=LR), []

    def step():
        optimizer.zero_grad(set_to_none=set_to_none)
        loss = F.nll_loss(getattr(net, method)(source, words).reshape(-1, V), target.reshape(-1))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    def check():
        if abs(losses[0] - math.log(V)) > 0.4 or losses[-1] >= losses[0]:
            raise ValueError(f"expected a loss falling from {math.log(V):.2f}, got {losses[0]} and then {losses[-1]}")
        return dict(firstLoss=round(losses[0], 4), lastLoss=round(losses[-1], 4))

    measure(name, step, variant, check)


def main():
    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    for m, k, n in [(64, 256, 768), (512, 512, 512)]:
        if wants(name := f"matmul-{m}x{k}x{n}"):
            a, b = torch.randn(m, k), torch.randn(k, n)
            with torch.no_grad():
                measure(name, lambda: a @ b)
    with torch.no_grad():
        if wants("gru-step"):
            cell, x, h = nn.GRUCell(H, H), torch.randn(1, H), torch.zeros(1, H)
            measure("gru-step", lambda: cell(x, h))
        if wants("greedy"):
            net, source = Net().eval(), tokens(1)[0]

            def greedy():
                _, h = net.encoder(net.source(source))
                word = torch.tensor([[2]])
                for _ in range(T):
                    y, h = net.decoder(F.relu(net.target(word)), h)
                    word = net.out(y).argmax(-1)
                word.item()

            measure("greedy", greedy)
    for batch in (1, 32, 64):
        if wants(name := f"train-b{batch}"):
            train(name, batch)
            train(name, batch, "gradients set to none", set_to_none=True)
            train(name, batch, "sparse embeddings", sparse=True)
            if batch > 1:
                train(name, batch, "packed", method="packed")
        if wants(name := f"tokenwise-b{batch}"):
            train(name, batch, method="tokenwise")
        best, both = "sparse embeddings, gradients set to none", dict(sparse=True, set_to_none=True)
        if wants(name := f"attention-b{batch}"):
            train(name, batch, model=AttentionNet)
            train(name, batch, "sparse embeddings", sparse=True, model=AttentionNet)
            train(name, batch, best, model=AttentionNet, **both)
        if wants(name := f"feeding-b{batch}"):
            train(name, batch, model=FeedingNet)
            train(name, batch, best, model=FeedingNet, **both)
            train(name, batch, f"{best}, scripted", model=FeedingNet, method="scripted", **both)
            train(name, batch, f"{best}, scripted, words ahead", model=FeedingNet, method="ahead", **both)


if __name__ == "__main__":
    main()
