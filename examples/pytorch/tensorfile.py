"""safetensors files, read and written with nothing but Python and PyTorch.

A file is the length of its header (8 bytes, little-endian), the header in JSON, and the numbers of all tensors:

    {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ..., "__metadata__": {"any": "string"}}

Offsets count from the end of the header. (https://github.com/huggingface/safetensors#format)
"""
import json
import struct
from pathlib import Path

import torch
from torch import Tensor

DTYPES = {
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F32": torch.float32,
    "F64": torch.float64,
    "I8": torch.int8,
    "U8": torch.uint8,
    "I32": torch.int32,
    "I64": torch.int64,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors of a file, in the order of its header, and its metadata.

    Weights in 8 bits, which ``quantize`` of seqgrad writes, come as floats: w[i, j] = scale[i] * q[i, j].
    """
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    numbers = bytearray(content[8 + length :])
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(numbers[begin:end], dtype=DTYPES[entry["dtype"]]) if end > begin else torch.empty(0)
        tensors[name] = flat.reshape(entry["shape"])
    for name in [name for name in tensors if tensors[name].dtype == torch.int8]:
        scale = tensors.pop(f"{name}.scale")
        tensors[name] = tensors[name] * scale.reshape(-1, *[1] * (tensors[name].dim() - 1))
    return tensors, metadata


def write_tensors(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Writes a file that ``read_tensors``, seqgrad and the package ``safetensors`` read."""
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    parts, at = [], 0
    for name, tensor in tensors.items():
        plain = tensor.detach().cpu().contiguous()
        content = (plain.view(torch.int16) if plain.dtype == torch.bfloat16 else plain).numpy().tobytes()
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [at, at + len(content)],
        }
        parts.append(content)
        at += len(content)
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # so that the numbers begin at a multiple of 8
    whole = path.with_name(f"{path.name}.new")
    whole.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
    whole.replace(path)  # so that nobody ever reads a part
