"""Writes the model's pieces as ONNX files into the folder given, by PyTorch's own exporter, for onnxruntime.mjs."""

import sys

import torch
import torch.nn.functional as F
from torch import nn

FOLDER = sys.argv[1]
V, H, T = 4000, 256, 10


class Product(nn.Module):
    def forward(self, a, b):
        return a @ b


class Step(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(H, H)

    def forward(self, x, h):
        return self.gru(x, h)[1]


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.gru = nn.Embedding(V, H), nn.GRU(H, H)

    def forward(self, ids):
        return self.gru(self.embedding(ids))[1]


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.gru, self.out = nn.Embedding(V, H), nn.GRU(H, H), nn.Linear(H, V)

    def forward(self, ids, h):
        y, h = self.gru(F.relu(self.embedding(ids)), h)
        return self.out(y).argmax(-1), h


def export(name, module, inputs, input_names, output_names):
    options = dict(input_names=input_names, output_names=output_names, opset_version=13)
    torch.onnx.export(module.eval(), inputs, f"{FOLDER}/{name}.onnx", **options)


torch.manual_seed(0)
for m, k, n in [(64, 256, 768), (512, 512, 512)]:
    export(f"matmul-{m}x{k}x{n}", Product(), (torch.randn(m, k), torch.randn(k, n)), ["a", "b"], ["c"])
hidden = torch.randn(1, 1, H)
export("step", Step(), (torch.randn(1, 1, H), hidden), ["x", "h"], ["next"])
export("encoder", Encoder(), (torch.randint(0, V, (T, 1)),), ["ids"], ["h"])
export("decoder", Decoder(), (torch.randint(0, V, (1, 1)), hidden), ["ids", "h"], ["best", "next"])
