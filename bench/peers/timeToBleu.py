"""The model of a preset in PyTorch, for ../timeToBleu.mjs: python3 timeToBleu.py JOB.json

JOB.json holds ids, settings and sizes. After each epoch, a line of JSON: the seconds of training so far, target tokens a
second, and greedy translations of the validation sources as ids. With PROBE=N, N steps and their speed, nothing else.
TORCH_THREADS and OPENBLAS_NUM_THREADS set the threads. All target steps are computed at once, sequences are packed, only
real target tokens reach the output layer, and gradients are set to none between steps.
"""

import json
import os
import random
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

PAD, UNK, BOS, EOS = 0, 1, 2, 3
job = json.load(open(sys.argv[1]))
options, probe = job["settings"], int(os.environ.get("PROBE", "0"))
torch.set_num_threads(int(os.environ.get("TORCH_THREADS", "2")))
torch.manual_seed(options["seed"])
shuffler = random.Random(options["seed"])
H, E, V = options["hiddenSize"], options["embeddingSize"], job["outputSize"]


class Net(nn.Module):
    """Bidirectional GRU, additive attention after the decoder's GRU, one table for all three, and perhaps a lexical model."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(V, E)
        nn.init.normal_(self.embedding.weight, 0, E**-0.5)
        self.encoder, self.bridge = nn.GRU(E, H, bidirectional=True), nn.Linear(2 * H, H)
        self.decoder = nn.GRU(E, H)
        self.query, self.key, self.score = nn.Linear(H, H, bias=False), nn.Linear(2 * H, H), nn.Linear(H, 1, bias=False)
        self.combine, self.bias = nn.Linear(3 * H, E), nn.Parameter(torch.zeros(V))
        self.lexical = options["lexical"]
        if self.lexical:
            self.word = nn.Linear(E, E, bias=False)

    def drop(self, x, rate):
        return F.dropout(x, options[rate], self.training)

    def embed(self, ids):
        x = self.embedding(ids)
        if self.training and options["wordDropout"] > 0:
            keep = 1 - options["wordDropout"]
            x = x * (torch.rand(ids.shape) < keep).unsqueeze(-1) / keep
        return self.drop(x, "embeddingDropout")

    def encode(self, source, lengths):
        """source [S, B] → memory [B, S, 2H], keys [B, S, H], words [B, S, E], mask [B, S], first state [1, B, H]"""
        words = self.embed(source)
        output, last = self.encoder(pack_padded_sequence(words, lengths, enforce_sorted=False))
        memory = self.drop(pad_packed_sequence(output)[0], "contextDropout").transpose(0, 1)
        past = torch.arange(len(source)) >= lengths.unsqueeze(1)
        first = self.bridge(torch.cat([last[0], last[1]], -1)).unsqueeze(0)
        return memory, self.key(memory), words.transpose(0, 1), past, first

    def features(self, words, state, memory, keys, read, past):
        """words [T, B] → features [B, T, E], state"""
        h, state = self.decoder(self.embed(words), state)
        h = h.transpose(0, 1)
        scores = self.score(torch.tanh(self.query(h).unsqueeze(2) + keys.unsqueeze(1))).squeeze(-1)
        weights = torch.softmax(scores.masked_fill(past.unsqueeze(1), -1e9), -1)
        made = torch.tanh(self.combine(torch.cat([weights @ memory, h], -1)))
        made = self.drop(made, "outputDropout")
        if self.lexical:
            f = torch.tanh(weights @ read)
            made = made + torch.tanh(self.word(f)) + f
        return made, state

    def logits(self, features):
        return features @ self.embedding.weight.t() + self.bias


def padded(lists):
    return pad_sequence([torch.tensor(ids) for ids in lists], padding_value=PAD)


def loss_of(net, pairs):
    source, lengths = padded([a + [EOS] for a, _ in pairs]), torch.tensor([len(a) + 1 for a, _ in pairs])
    words, wanted = padded([[BOS] + b for _, b in pairs]), padded([b + [EOS] for _, b in pairs]).t()
    *encoded, first = net.encode(source, lengths)
    features, _ = net.features(words, first, *encoded)
    real = wanted != PAD
    return F.cross_entropy(net.logits(features[real]), wanted[real], label_smoothing=options["labelSmoothing"]), int(real.sum())


def batches(pairs):
    size, order = options["batchSize"], list(range(len(pairs)))
    shuffler.shuffle(order)
    made = []
    for at in range(0, len(order), 50 * size):
        pool = sorted(order[at : at + 50 * size], key=lambda i: (len(pairs[i][1]), len(pairs[i][0])))
        made += [pool[k : k + size] for k in range(0, len(pool), size)]
    shuffler.shuffle(made)
    return made


@torch.no_grad()
def greedy(net, sources):
    net.eval()
    order, written = sorted(range(len(sources)), key=lambda i: len(sources[i])), [[] for _ in sources]
    for at in range(0, len(order), 64):
        rows = order[at : at + 64]
        lengths = torch.tensor([len(sources[i]) + 1 for i in rows])
        *encoded, state = net.encode(padded([sources[i] + [EOS] for i in rows]), lengths)
        word, open_rows = torch.full((1, len(rows)), BOS), set(range(len(rows)))
        for _ in range(job["maxLength"]):
            features, state = net.features(word, state, *encoded)
            logits = net.logits(features[:, 0])
            logits[:, [PAD, UNK, BOS]] = -torch.inf
            word = logits.argmax(-1).unsqueeze(0)
            for row in list(open_rows):
                token = int(word[0, row])
                written[rows[row]].append(token) if token != EOS else open_rows.discard(row)
            if not open_rows:
                break
    net.train()
    return written


def main():
    net, train = Net(), job["train"]
    lr, warmup = options["lr"], options["warmupSteps"]
    optimizer = torch.optim.Adam(net.parameters(), lr=lr, weight_decay=options["weightDecay"])
    step, tokens, seconds = 0, 0, 0.0
    for epoch in range(1, options["epochs"] + 1):
        made = batches(train)
        started = time.perf_counter()
        for batch in made:
            falling = 1 - step / (options["epochs"] * len(made)) if options["lrDecay"] == "linear" else 1
            optimizer.param_groups[0]["lr"] = lr * falling * min(1, (step + 1) / max(1, warmup))
            loss, count = loss_of(net, [train[i] for i in batch])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), options["clipNorm"])
            optimizer.step()
            step, tokens = step + 1, tokens + count
            if step == probe:
                print(json.dumps({"speed": tokens / (time.perf_counter() - started)}), flush=True)
                return
        seconds += time.perf_counter() - started
        said = {"epoch": epoch, "seconds": seconds, "speed": tokens / seconds, "loss": loss.item()}
        print(json.dumps({**said, "translations": greedy(net, job["valid"])}), flush=True)


main()
