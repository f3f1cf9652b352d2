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
RULES = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


@dataclass
class Run:
    """What there is to go on from."""

    header: dict
    """All that is not floats: settings, progress, the state of the generator, fingerprints of the data."""
    names: dict[str, nn.Parameter]
    """Every name of every weight, in seqgrad's order; a weight that is shared has several."""
    optimizer: torch.optim.Optimizer

    @property
    def settings(self) -> dict:
        """How the run was asked to be. JSON has no infinity."""
        given = self.header["settings"].items()
        return {name: float("inf") if value == "Infinity" else value for name, value in given}


def distinct(names: dict[str, nn.Parameter]) -> list[nn.Parameter]:
    """Each weight once; by its place among these the optimiser's state is named."""
    return list(dict.fromkeys(names.values()))


def read_run(folder: Path, model: Seq2Seq) -> Run:
    """Gives the model the weights of the folder's checkpoint, and makes the optimiser with what it had in mind."""
    if not (folder / FILE).exists():
        raise SystemExit(f"{folder}: expected a {FILE} to go on from, got none")
    tensors, metadata = read_tensors(folder / FILE)
    header = json.loads(metadata["training"])
    weights = {name.removeprefix("model."): tensor for name, tensor in tensors.items() if name.startswith("model.")}
    load_weights(model, weights)
    own = model.state_dict(keep_vars=True)
    names = {name: own[name] for name in weights}
    settings = header["settings"]
    rule = RULES[settings["optimizer"]]
    optimizer = rule(distinct(names), lr=settings["lr"], weight_decay=settings["weightDecay"])
    for i, parameter in enumerate(distinct(names)):
        prefix = f"optimizer.{i}."
        kept = {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
        if kept:
            optimizer.state[parameter] = {"step": torch.tensor(float(header["optimizer"]["steps"][i])), **kept}
    return Run(header, names, optimizer)


def write_run(folder: Path, run: Run) -> None:
    """Writes the checkpoint, from which ``seqgrad train --resume`` and ``train.py`` go on."""
    tensors = {f"model.{name}": parameter.detach() for name, parameter in run.names.items()}
    parameters = distinct(run.names)
    run.header["optimizer"]["steps"] = [run.header["progress"]["totalSteps"]] * len(parameters)
    for i, parameter in enumerate(parameters):
        state = run.optimizer.state.get(parameter, {})
        kept = {name: value for name, value in state.items() if name != "step" and value is not None}
        tensors.update({f"optimizer.{i}.{name}": value for name, value in kept.items()})
    write_tensors(folder / FILE, tensors, {"training": json.dumps(run.header)})
