"""PyTorch's answers for test/nn/attention.test.ts.

Run with a Python that has PyTorch (1.13):  python3 test/golden/attention.py   → test/golden/attention.json

PyTorch has none of these layers, so they are written out here: Luong et al. (2015), "dot" and "general", and Bahdanau et
al. (2015), over a padded memory. Tensors and projected gradients are stored as nn.py says.

"query" [T, B, H], "memory" [S, B, E], "dotMemory" [S, B, H]: what goes in.
"cases"  a list: kind ("dot", "general", "additive"), lengths (or null), state, outputs (context, weights), inputGradients
         (of query and memory), gradients
"""
import json
import pathlib
import re

import torch
from torch import nn

torch.manual_seed(11)


def plain(tensor):
    tensor = tensor.detach()
    return {"shape": list(tensor.shape), "data": [float(f"{x:.9g}") for x in tensor.flatten().tolist()]}


def project(*outputs):
    return sum((y.flatten() * torch.cos(torch.arange(y.numel()).float())).sum() for y in outputs)


T, S, B, H, E, A = 3, 5, 4, 4, 6, 3
LENGTHS = [2, 5, 1, 4]


class Attention(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.kind = kind
        if kind == "general":
            self.key = nn.Linear(E, H, bias=False)
        if kind == "additive":
            self.query = nn.Linear(H, A, bias=False)
            self.key = nn.Linear(E, A)
            self.score = nn.Linear(A, 1, bias=False)

    def forward(self, query, memory, lengths):
        query, memory = query.transpose(0, 1), memory.transpose(0, 1)  # [B, T, H], [B, S, E]
        if self.kind == "additive":
            scores = self.score(torch.tanh(self.query(query).unsqueeze(2) + self.key(memory).unsqueeze(1))).squeeze(3)
        else:
            scores = query @ (self.key(memory) if self.kind == "general" else memory).transpose(1, 2)  # [B, T, S]
        if lengths:
            past = torch.arange(S).unsqueeze(0) >= torch.tensor(lengths).unsqueeze(1)  # [B, S]
            scores = scores.masked_fill(past.unsqueeze(1), -torch.inf)
        weights = torch.softmax(scores, 2)
        return (weights @ memory).transpose(0, 1), weights.transpose(0, 1)


query, memory, dot_memory = torch.randn(T, B, H), torch.randn(S, B, E), torch.randn(S, B, H)
cases = []
for kind in ("dot", "general", "additive"):
    for lengths in (None, LENGTHS):
        module = Attention(kind)
        inputs = [x.clone().requires_grad_() for x in (query, dot_memory if kind == "dot" else memory)]
        outputs = module(*inputs, lengths)
        project(*outputs).backward()
        cases.append({
            "kind": kind, "lengths": lengths, "state": {name: plain(value) for name, value in module.state_dict().items()},
            "outputs": [plain(y) for y in outputs], "inputGradients": [plain(x.grad) for x in inputs],
            "gradients": {name: plain(parameter.grad) for name, parameter in module.named_parameters()},
        })
result = {"query": plain(query), "memory": plain(memory), "dotMemory": plain(dot_memory), "cases": cases}
text = json.dumps(result, separators=(",", ":"), allow_nan=False)
pathlib.Path(__file__).with_suffix(".json").write_text(re.sub(r'("\w+":)(\[?\{"(?:kind|shape)")', r"\n\1\2", text) + "\n")
