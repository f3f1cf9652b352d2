"""PyTorch's answers for test/optim: optimisers over 20 given gradients, schedules, gradient clipping.

Run with a Python that has PyTorch (1.13):  python3 test/golden/optim.py   → test/golden/optim.json

float32 values are written with 9 significant digits and float64 with 17, which is enough to read the same bits back.
"""
import json
import pathlib
import re
import warnings

import torch

warnings.filterwarnings("ignore")
torch.manual_seed(20)
STEPS, SNAPSHOTS, SHAPES = 20, (1, 5, 20), ([3, 4], [5])

# Numbers that float32 holds exactly, so that both precisions start from the same ones.
initial = [torch.randn(shape) for shape in SHAPES]
gradients = [[torch.randn(shape) * 2 for shape in SHAPES] for _ in range(STEPS)]
for t, (first, _) in enumerate(gradients):
    first[t % 3] = 0  # as in an embedding: rows no batch touched


def camel(name):
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def values(tensors):
    digits = 17 if tensors[0].dtype == torch.float64 else 9
    return [[float(f"{x:.{digits}g}") for x in tensor.detach().flatten().tolist()] for tensor in tensors]


def run(kind, options, missing, dtype):
    parameters = [torch.nn.Parameter(x.to(dtype).clone()) for x in initial]
    optimizer = getattr(torch.optim, kind)(parameters, **options)
    snapshots = []
    for t, given in enumerate(gradients, 1):
        for i, (parameter, gradient) in enumerate(zip(parameters, given)):
            absent = missing and i == 1 and t % 3 == 1
            parameter.grad = None if absent else gradient.to(dtype).clone()
        optimizer.step()
        if t in SNAPSHOTS:
            snapshots.append(values(parameters))
    return snapshots


OPTIMIZERS = [
    ("SGD", dict(lr=0.1)),
    ("SGD", dict(lr=0.1, weight_decay=0.05)),
    ("SGD", dict(lr=0.1, maximize=True)),
    ("SGD", dict(lr=0.05, momentum=0.9)),
    ("SGD", dict(lr=0.05, momentum=0.9, dampening=0.3)),
    ("SGD", dict(lr=0.05, momentum=0.9, nesterov=True)),
    ("SGD", dict(lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.1, maximize=True)),
    ("SGD", dict(lr=0.05, momentum=0.8, dampening=0.5, weight_decay=0.1)),
    ("Adagrad", {}),
    ("Adagrad", dict(lr=0.1, lr_decay=0.05)),
    ("Adagrad", dict(lr=0.1, initial_accumulator_value=0.5, eps=1e-3)),
    ("Adagrad", dict(lr=0.1, weight_decay=0.1)),
    ("Adagrad", dict(lr=0.1, lr_decay=0.01, weight_decay=0.1, initial_accumulator_value=0.1, maximize=True)),
    ("RMSprop", {}),
    ("RMSprop", dict(lr=0.01, alpha=0.9, eps=1e-4)),
    ("RMSprop", dict(lr=0.01, momentum=0.9)),
    ("RMSprop", dict(lr=0.01, centered=True)),
    ("RMSprop", dict(lr=0.01, momentum=0.5, centered=True, weight_decay=0.1)),
    ("RMSprop", dict(lr=0.01, weight_decay=0.1, maximize=True)),
    ("Adadelta", {}),
    ("Adadelta", dict(lr=0.5, rho=0.95, eps=1e-4)),
    ("Adadelta", dict(weight_decay=0.1)),
    ("Adadelta", dict(lr=2.0, maximize=True)),
    ("Adam", {}),
    ("Adam", dict(lr=0.05, betas=[0.8, 0.95], eps=1e-4)),
    ("Adam", dict(lr=0.05, weight_decay=0.1)),
    ("Adam", dict(lr=0.05, betas=[0.9, 0.5], amsgrad=True)),
    ("Adam", dict(lr=0.05, weight_decay=0.1, amsgrad=True, maximize=True)),
    ("AdamW", {}),
    ("AdamW", dict(lr=0.05, weight_decay=0.2)),
    ("AdamW", dict(lr=0.05, betas=[0.8, 0.5], eps=1e-4, amsgrad=True)),
    ("AdamW", dict(lr=0.05, weight_decay=0.1, maximize=True)),
]
# A parameter without a gradient at steps 1, 4, 7 …: its own step count falls behind.
MISSING = [
    ("SGD", dict(lr=0.05, momentum=0.9, dampening=0.3)),
    ("Adagrad", dict(lr=0.1, lr_decay=0.05)),
    ("RMSprop", dict(momentum=0.9, centered=True)),
    ("Adadelta", {}),
    ("Adam", dict(lr=0.05, weight_decay=0.1)),
    ("AdamW", dict(lr=0.05, weight_decay=0.1)),
]


def optimizer_case(kind, options, missing):
    return {
        "kind": kind,
        "options": {camel(name): value for name, value in options.items()},
        "missing": missing,
        "float32": run(kind, options, missing, torch.float32),
        "float64": run(kind, options, missing, torch.float64)[-1],
    }


# Two groups, one for each parameter, with options of their own beside those of all.
GROUPS = [
    ("SGD", dict(lr=0.1), [{}, dict(lr=0.01, weight_decay=0.1)]),
    ("SGD", dict(lr=0.1), [dict(momentum=0.9, nesterov=True), {}]),
    ("Adagrad", dict(lr=0.1, eps=1e-3), [dict(weight_decay=0.1), dict(lr=0.02, eps=1e-6)]),
    ("RMSprop", dict(lr=0.01), [dict(momentum=0.5), dict(centered=True)]),
    ("Adadelta", dict(rho=0.8), [dict(lr=0.5), dict(rho=0.95)]),
    ("Adam", dict(weight_decay=0.1), [dict(lr=0.05), dict(amsgrad=True, weight_decay=0.0)]),
    ("AdamW", {}, [dict(betas=[0.8, 0.95]), dict(lr=0.05, weight_decay=0.2)]),
]


def groups_case(kind, defaults, groups):
    parameters = [torch.nn.Parameter(x.clone().double()) for x in initial]
    optimizer = getattr(torch.optim, kind)([{"params": p, **o} for p, o in zip(parameters, groups)], **defaults)
    for given in gradients:
        for parameter, gradient in zip(parameters, given):
            parameter.grad = gradient.double()
        optimizer.step()
    named = [{camel(name): value for name, value in options.items()} for options in (defaults, *groups)]
    return {"kind": kind, "defaults": named[0], "groups": named[1:], "float64": values(parameters)}


METRICS = [5, 4, 3.5, 3.5, 3.4999, 3.6, 3.7, 3.2, 3.3, 3.3, 3.3, 3.3, 3.3, 3.3, 2.9, 2.9, 2.89, 2.88, 2.87, 2.86]
METRICS += [2.85, 2.85, 2.86, 2.84, 2.9, 2.9, 2.9, 2.9, 2.9, 2.9]
SCHEDULES = [
    ("StepLR", "StepLR", dict(step_size=7)),
    ("StepLR", "StepLR", dict(step_size=1, gamma=0.7)),
    ("MultiStepLR", "MultiStepLR", dict(milestones=[9, 3, 20])),
    ("MultiStepLR", "MultiStepLR", dict(milestones=[5, 5, 1], gamma=0.7)),
    ("CosineAnnealingLR", "CosineAnnealingLR", dict(T_max=30)),
    ("CosineAnnealingLR", "CosineAnnealingLR", dict(T_max=7, eta_min=0.01)),
    ("CosineAnnealingLR", "CosineAnnealingLR", dict(T_max=1)),
    ("ExponentialLR", "ExponentialLR", dict(gamma=0.93)),
    ("LinearWarmup", "LinearLR", {}),
    ("LinearWarmup", "LinearLR", dict(total_iters=12, start_factor=0.01)),
    ("LinearWarmup", "LinearLR", dict(total_iters=1, start_factor=1.0)),
    ("ReduceLROnPlateau", "ReduceLROnPlateau", dict(patience=2)),
    ("ReduceLROnPlateau", "ReduceLROnPlateau", dict(patience=0, factor=0.5, cooldown=3, min_lr=0.01)),
    ("ReduceLROnPlateau", "ReduceLROnPlateau", dict(patience=1, factor=0.5, threshold=0.1, threshold_mode="abs")),
    ("ReduceLROnPlateau", "ReduceLROnPlateau", dict(patience=1, factor=0.5, threshold=0.05, eps=0.02)),
    ("ReduceLROnPlateau", "ReduceLROnPlateau", dict(mode="max", patience=1, factor=0.8)),
    ("ReduceLROnPlateau", "ReduceLROnPlateau", dict(mode="max", patience=3, factor=0.8, threshold_mode="abs", threshold=0.2)),
]


def at(*lrs):
    return torch.optim.SGD([{"params": torch.nn.Parameter(torch.zeros(1)), "lr": lr} for lr in lrs], lr=1)


def rates(optimizer):
    return [group["lr"] for group in optimizer.param_groups]


def schedule_case(kind, torch_kind, options):
    optimizer = at(0.3, 0.02)
    scheduler = getattr(torch.optim.lr_scheduler, torch_kind)(optimizer, **options)
    lrs = [rates(optimizer)]
    for metric in METRICS:
        optimizer.step()
        scheduler.step(*([metric] if kind == "ReduceLROnPlateau" else []))
        lrs.append(rates(optimizer))
    names = {"total_iters": "steps", "T_max": "tMax"}
    return {"kind": kind, "options": {names.get(k, camel(k)): v for k, v in options.items()}, "lrs": lrs}


def warmup_and(kind, **options):
    """Two schedules at once."""
    optimizer = at(0.3)
    warmup = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=10)
    decay = getattr(torch.optim.lr_scheduler, kind)(optimizer, **options)
    lrs = [optimizer.param_groups[0]["lr"]]
    for _ in METRICS:
        optimizer.step()
        warmup.step()
        decay.step()
        lrs.append(optimizer.param_groups[0]["lr"])
    return lrs


def clip_case(max_norm, norm_type, step):
    parameters = [torch.nn.Parameter(x.clone()) for x in initial]
    for parameter, gradient in zip(parameters, gradients[step]):
        parameter.grad = gradient.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm, norm_type)
    return {
        "maxNorm": max_norm,
        "infinity": norm_type != 2,
        "step": step,
        "norm": float(f"{norm.item():.9g}"),
        "grads": values([parameter.grad for parameter in parameters]),
    }


golden = {
    "torch": torch.__version__,
    "shapes": SHAPES,
    "snapshots": SNAPSHOTS,
    "initial": values(initial),
    "gradients": [values(given) for given in gradients],
    "optimizers": [optimizer_case(kind, options, False) for kind, options in OPTIMIZERS]
    + [optimizer_case(kind, options, True) for kind, options in MISSING],
    "metrics": METRICS,
    "schedules": [schedule_case(*case) for case in SCHEDULES],
    "warmupAndDecay": warmup_and("StepLR", step_size=6, gamma=0.5),
    "warmupAndCosine": warmup_and("CosineAnnealingLR", T_max=12, eta_min=0.02),
    "groups": [groups_case(*case) for case in GROUPS],
    "clipGradNorm": [clip_case(m, n, s) for m in (0.0, 0.5, 5.0, 100.0) for n in (2, float("inf")) for s in (0, 1)],
}
out = pathlib.Path(__file__).with_suffix(".json")
rows = ",\n".join(f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in golden.items())
out.write_text("{\n" + rows + "\n}\n")
print(out, out.stat().st_size, "bytes")
