"""A run of ``seqgrad train`` as its checkpoint keeps it: weights, the optimiser's state, and where it stands."""
import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from folder import load_weights
from model import Seq2Seq
from tensorfile import read_tensors, write_tensors

FILE = "checkpoint.safetensors"


@dataclass
class Run:
    """What is there to go on from."""

    names: dict[str, nn.Parameter]
    """Every name of every weight, in seqgrad's order; a weight that is shared has several."""
    optimizer: torch.optim.Optimizer
    header: dict
    """All that is not floats: settings, progress, the state of the generator, fingerprints of the data."""

    @property
    def parameters(self) -> list[nn.Parameter]:
        """Each once; by its place among these the optimiser's state is named."""
        return list(dict.fromkeys(self.names.values()))


def read_run(folder: Path, model: Seq2Seq) -> Run:
    """Gives the model the weights of the folder's checkpoint, and makes the optimiser with what it had in mind."""
    tensors, metadata = read_tensors(folder / FILE)
    header = json.loads(metadata["training"])
    settings = {name: float("inf") if value == "Infinity" else value for name, value in header["settings"].items()}
    weights = {name.removeprefix("model."): tensor for name, tensor in tensors.items() if name.startswith("model.")}
    load_weights(model, weights)
    own = model.state_dict(keep_vars=True)
    rule = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[settings["optimizer"]]
    run = Run({name: own[name] for name in weights}, None, {**header, "settings": settings})
    run.optimizer = rule(run.parameters, lr=settings["lr"], weight_decay=settings["weightDecay"])
    for i, parameter in enumerate(run.parameters):
        prefix = f"optimizer.{i}."
        kept = {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
        if kept:
            run.optimizer.state[parameter] = {"step": torch.tensor(float(header["optimizer"]["steps"][i])), **kept}
    return run


def write_run(folder: Path, run: Run) -> None:
    """Writes the checkpoint, from which ``seqgrad train --resume`` and ``train.py`` go on."""
    states = [run.optimizer.state.get(parameter, {}) for parameter in run.parameters]
    tensors = {f"model.{name}": parameter.detach() for name, parameter in run.names.items()}
    for i, state in enumerate(states):
        kept = {name: value for name, value in state.items() if name != "step" and value is not None}
        tensors.update({f"optimizer.{i}.{name}": value for name, value in kept.items()})
    header = json.loads(json.dumps(run.header).replace(": Infinity", ': "Infinity"'))
    write_tensors(folder / FILE, tensors, {"training": json.dumps(header)})
