"""PyTorch's answers for test/autograd/golden.test.ts: ops that no layer of nn.py goes through.

Run with a Python that has PyTorch (1.13):  python3 test/golden/ops.py   → test/golden/ops.json

Tensors and gradients are written as in nn.py: {"shape", "data"}, and the gradient of Σ cos(i) · y[i].

"x"               the input of all cases, [3, 4, 2]
"indexSelect"     a list: dim, index, output, gradient
"logsumexp"       a list: dim, keepdim, output, gradient
"min", "max"      the same of "corners"
"gather"          a list: dim, index, output, gradient
"permute"         a list: dims, output, gradient
"squeeze", "unsqueeze"   lists: dim (null where it is left out), output, gradient, of "ones", [1, 3, 1, 2]
"corners"         numbers with ties, 0, −0, ∞ and NaN, [3, 4]; NaN and ±∞ are written as strings
"abs"             a list of one: output, gradient, of "corners"
"clamp"           a list: min, max (or null), output, gradient, of "corners"
"where"           a list: condition, other (a number, or the values of a tensor), output, gradient of "corners", and
                  otherGradient where other is a tensor
"""
import itertools
import json
import math
import pathlib
import re

import torch

torch.manual_seed(9)
x = torch.randn(3, 4, 2) * 3


def number(x):
    return float(f"{x:.9g}") if math.isfinite(x) else str(x).replace("inf", "Infinity").replace("nan", "NaN")


def plain(tensor):
    return {"shape": list(tensor.shape), "data": [number(v) for v in tensor.detach().flatten().tolist()]}


def project(y):
    """The gradient of this; from NaN and ∞, too, as cos(i) alone is passed back."""
    y.backward(torch.cos(torch.arange(y.numel()).float()).reshape(y.shape))


def shown(options):
    values = {name: value.tolist() if torch.is_tensor(value) else value for name, value in options.items()}
    return {name: number(value) if isinstance(value, float) else value for name, value in values.items()}


def case(op, x=x, **options):
    leaf = x.clone().requires_grad_()
    y = op(leaf, **options)
    project(y)
    return {**shown(options), "output": plain(y), "gradient": plain(leaf.grad)}


nan, inf = math.nan, math.inf
corners = torch.tensor([[0.0, -0.0, 2.5, 2.5], [-1.0, nan, -1.0, nan], [inf, 0.5, -inf, -3.0]])
ones = torch.randn(1, 3, 1, 2)


def extreme(name, dim, keepdim):
    return case(lambda x, dim, keepdim: getattr(torch, name)(x, dim, keepdim).values, corners, dim=dim, keepdim=keepdim)


def squeeze(dim):
    return case(lambda x, dim: x.squeeze() if dim is None else x.squeeze(dim), ones, dim=dim)


def where(condition, other):
    x, condition = corners.clone().requires_grad_(), torch.tensor(condition)
    y = torch.tensor(other).requires_grad_() if isinstance(other, list) else other
    out = torch.where(condition.bool(), x, y)
    project(out)
    case = {"condition": condition.tolist(), "other": other, "output": plain(out), "gradient": plain(x.grad)}
    return {**case, "otherGradient": plain(y.grad)} if isinstance(other, list) else case


shorter = torch.tensor([[[2, 0], [1, 1], [0, 2]]])
indices = (torch.tensor([1, 0, 1]), torch.tensor(1), torch.tensor([], dtype=torch.long))
result = {
    "x": plain(x),
    "indexSelect": [case(torch.index_select, dim=d, index=i) for d, i in itertools.product((0, 1, -1), indices)],
    "logsumexp": [case(torch.logsumexp, dim=d, keepdim=k) for d, k in itertools.product((0, 1, -1), (False, True))],
    "gather": [
        case(torch.gather, dim=0, index=shorter),
        case(torch.gather, dim=1, index=torch.tensor([[[3, 0]], [[1, 1]]])),
        case(torch.gather, dim=-1, index=torch.tensor([[[1, 1, 0]], [[0, 0, 0]]])),
        case(torch.gather, dim=1, index=torch.tensor([], dtype=torch.long)),
    ],
    "permute": [case(torch.permute, dims=d) for d in ((0, 1, 2), (2, 0, 1), (-1, 1, 0))],
    "ones": plain(ones),
    "squeeze": [squeeze(d) for d in (None, 0, 1, -2)],
    "unsqueeze": [case(torch.unsqueeze, ones, dim=d) for d in (0, 2, -1)],
    "corners": plain(corners),
    "min": [extreme("min", d, k) for d, k in itertools.product((0, 1, -1), (False, True))],
    "max": [extreme("max", d, k) for d, k in itertools.product((0, 1, -1), (False, True))],
    "abs": [case(torch.abs, corners)],
    "clamp": [
        case(torch.clamp, corners, min=a, max=b)
        for a, b in ((-1.0, 0.5), (None, 0.0), (0.0, None), (2.0, 1.0), (-inf, 2.5), (nan, 1.0), (0.0, nan))
    ],
    "where": [
        where([1, 0, 0, 1], [[7.0], [8.0], [9.0]]), where([[0], [1], [0]], -2.5), where(1, [4.0]), where(0, [1.0, 2.0, 3.0, 4.0]),
    ],
}
text = json.dumps(result, separators=(",", ":"), allow_nan=False)
pathlib.Path(__file__).with_suffix(".json").write_text(re.sub(r'(\{"(?:dims?|min|condition)":|"\w+":(?=\[?\{))', r"\n\1", text) + "\n")
