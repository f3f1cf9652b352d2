"""safetensors files for test/seq2seq/files/safetensors.test.ts, by PyTorch's numbers and the package's rules of layout.

Run with a Python that has PyTorch (1.13):  python3 test/golden/safetensors.py   → test/golden/safetensors.json

The package `safetensors` is not needed: as its `save_file` does, tensors stand by dtype, the longest numbers first, then
by name; the header is compact JSON, padded with spaces to a multiple of 8, and begins with its metadata.

"files"   a list: bytes (base64) of a file, and of each tensor dtype, shape and numbers, as float64
"rounds"  numbers (float32), and their bits as F16 and as BF16
Numbers that JSON has not stand as "NaN", "Infinity", "-Infinity" and "-0".
"""
import base64
import json
import pathlib
import struct

import torch

DTYPES = {
    "I64": torch.int64, "F64": torch.float64, "I32": torch.int32, "F32": torch.float32, "BF16": torch.bfloat16,
    "F16": torch.float16, "U8": torch.uint8, "I8": torch.int8,
}
ORDER = list(DTYPES)
torch.manual_seed(3)


def plain(value):
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return "-0" if value == 0 and str(value).startswith("-") else value


def raw(tensor):
    short = tensor.dtype in (torch.bfloat16, torch.float16)
    return (tensor.view(torch.int16) if short else tensor).contiguous().numpy().tobytes()


def file(tensors, metadata=None):
    header, body = ({"__metadata__": metadata} if metadata else {}), b""
    for name, dtype in sorted(((name, tensor[0]) for name, tensor in tensors.items()), key=lambda each: (ORDER.index(each[1]), each[0])):
        content = raw(tensors[name][1])
        shape = list(tensors[name][1].shape)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(body), len(body) + len(content)]}
        body += content
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    found = {
        name: {"dtype": dtype, "shape": list(tensor.shape), "numbers": [plain(x) for x in tensor.double().flatten().tolist()]}
        for name, (dtype, tensor) in tensors.items()
    }
    whole = struct.pack("<Q", len(text)) + text + body
    return {"bytes": base64.b64encode(whole).decode(), "metadata": metadata or {}, "tensors": found}


edges = [0.0, -0.0, 1.0, -2.5, 65504.0, 65519.9, 65520.0, 1e30, -1e30, 6.1e-5, 6.103515625e-05, 6e-8, 2.98e-8, 2.9802322387695312e-08,
         2.99e-8, -1e-9, 1e-40, 3.4028234663852886e38, float("inf"), float("-inf"), float("nan"), 1.00048828125, 1.0009765625, 1.00146484375,
         1.00390625, 1.01171875, 0.1, 1 / 3, 2049.0, 2051.0, 5.960464477539063e-08, 8.940696716308594e-08]
numbers = torch.tensor(edges + (torch.randn(40) * 10 ** (torch.rand(40) * 16 - 10)).tolist())
bits = lambda dtype: [x & 0xFFFF for x in numbers.to(dtype).view(torch.int16).tolist()]

every = {
    "half": ("F16", torch.tensor([[0.1, -65504.0], [6e-8, float("inf")]]).half()),
    "brain": ("BF16", torch.tensor([1.0, -0.1, 3e38]).bfloat16()),
    "single": ("F32", torch.tensor([[0.1, float("nan"), -0.0]])),
    "double": ("F64", torch.tensor(1 / 3, dtype=torch.float64)),
    "byte": ("U8", torch.tensor([0, 128, 255], dtype=torch.uint8)),
    "char": ("I8", torch.tensor([[-128, -1], [0, 127]], dtype=torch.int8)),
    "int": ("I32", torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32)),
    "long": ("I64", torch.tensor([2**53 - 1, -(2**53) + 1, 5], dtype=torch.int64)),
    "empty": ("F16", torch.empty(0, 3).half()),
}
gru = torch.nn.GRU(2, 1)
normalised = torch.nn.BatchNorm1d(2)
floats = lambda module: {
    name: ("I64" if tensor.dtype == torch.int64 else "F32", tensor.detach()) for name, tensor in module.state_dict().items()
}
golden = {
    "files": [file(every, {"format": "pt"}), file({f"encoder.{name}": each for name, each in floats(gru).items()}), file(floats(normalised))],
    "rounds": {"numbers": [plain(x) for x in numbers.double().tolist()], "F16": bits(torch.float16), "BF16": bits(torch.bfloat16)},
}
path = pathlib.Path(__file__).with_name("safetensors.json")
path.write_text(json.dumps(golden) + "\n")
