"""PyTorch's answers for test/autograd/golden.test.ts: ops that no layer of nn.py goes through.

Run with a Python that has PyTorch (1.13):  python3 test/golden/ops.py   → test/golden/ops.json

Tensors and gradients are written as in nn.py: {"shape", "data"}, and the gradient of Σ cos(i) · y[i].

"x"               the input of all cases, [3, 4, 2]
"indexSelect"     a list: dim, index, output, gradient
"logsumexp"       a list: dim, keepdim, output, gradient
"""
import itertools
import json
import pathlib
import re

import torch

torch.manual_seed(9)
x = torch.randn(3, 4, 2) * 3


def plain(tensor):
    return {"shape": list(tensor.shape), "data": [float(f"{v:.9g}") for v in tensor.detach().flatten().tolist()]}


def case(op, **options):
    leaf = x.clone().requires_grad_()
    y = op(leaf, **options)
    (y.flatten() * torch.cos(torch.arange(y.numel()).float())).sum().backward()
    shown = {name: value.tolist() if torch.is_tensor(value) else value for name, value in options.items()}
    return {**shown, "output": plain(y), "gradient": plain(leaf.grad)}


indices = (torch.tensor([1, 0, 1]), torch.tensor(1), torch.tensor([], dtype=torch.long))
result = {
    "x": plain(x),
    "indexSelect": [case(torch.index_select, dim=d, index=i) for d, i in itertools.product((0, 1, -1), indices)],
    "logsumexp": [case(torch.logsumexp, dim=d, keepdim=k) for d, k in itertools.product((0, 1, -1), (False, True))],
}
text = json.dumps(result, separators=(",", ":"), allow_nan=False)
pathlib.Path(__file__).with_suffix(".json").write_text(re.sub(r'(\{"dim"|"(?:x|indexSelect|logsumexp)":)', r"\n\1", text) + "\n")
