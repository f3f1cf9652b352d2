"""PyTorch's answers for test/nn: layers, losses, and the tutorial's encoder and decoder.

Run with a Python that has PyTorch (1.13):  python3 test/golden/nn.py   → test/golden/nn.json

A tensor is {"shape": [...], "data": [flat, row by row]}, its numbers with 9 significant digits, enough for the same float32.
Gradients are those of Σ cos(i) · y[i], i counting the elements of an output row by row (each output from 0), added
up over all outputs: a projection that needs no storing and weighs every element differently.

"embedding", "linear"     one case each (or a list of them): options, state, input, output, gradients
"layerNorm"               a list: shape and options, state, input, output, inputGradient, gradients
"recurrent"               a list: kind, options (numLayers, bidirectional, bias, nonlinearity), state, and cases:
                          batchFirst, lengths (or null), whether initial states were given ("states"), outputs, gradients.
                          The inputs of all cases are "recurrentInputs": x [T, B, F], and h0, c0 for the most layers and
                          directions, of which a smaller module takes the first rows.
"cells"                   a list: kind, options, state, inputs, outputs, gradients
"logSoftmax", "nllLoss", "crossEntropy"   lists: options, outputs, gradient; "lossInputs" are their logits and targets; a
                          "weight" among the options is a tensor
"elementLossInputs"       x and target, [3, 4]
"mse", "bceWithLogits"    lists: options (some with tensors), output, gradient, targetGradient
"seq2seq"                 the classical tutorial pair, stepped token by token with its weights shared over time:
    sizes                 {input: 11, hidden: 8, output: 13}
    source, target        6 source tokens; 7 target tokens, the first being the start token fed to the decoder
    encoder, decoder      state dicts (embedding.weight, gru.weight_ih_l0 …; decoder also out.weight, out.bias)
    encoderOutputs        [6][1, 1, hidden], the encoder's output at each step, from a zero hidden state
    encoderHidden         [1, 1, hidden] after the last step: the decoder's first hidden state
    decoderOutputs        [6][1, output], log-probabilities; step t is fed target[t], and is to predict target[t + 1]
    decoderHidden         [1, 1, hidden] after the last step
    loss                  Σ over the steps of NLLLoss(decoderOutputs[t], target[t + 1])
    encoderGradients, decoderGradients    of that loss, under the names of the state dicts
"""
import itertools
import json
import pathlib
import re

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.manual_seed(7)


def number(x):
    return float(f"{x:.9g}") if x == x else None  # JSON knows no NaN


def plain(tensor):
    tensor = tensor.detach()
    return {"shape": list(tensor.shape), "data": [number(x) for x in tensor.flatten().tolist()]}


def camel(options):
    return {re.sub(r"_(\w)", lambda match: match[1].upper(), key): value for key, value in options.items()}


def project(*outputs):
    return sum((y.flatten() * torch.cos(torch.arange(y.numel()).float())).sum() for y in outputs)


def state(module):
    return {name: plain(value) for name, value in module.state_dict().items()}


def gradients(module):
    grads = {name: plain(parameter.grad) for name, parameter in module.named_parameters()}
    module.zero_grad()
    return grads


def leaf(*shape):
    return torch.randn(*shape, requires_grad=True)


def embedding():
    cases = []
    for padding in (None, 2):
        module = nn.Embedding(6, 3, padding_idx=padding)
        ids = torch.tensor([[1, 2, 5], [2, 1, 1]])
        output = module(ids)
        project(output).backward()
        cases.append({
            "options": {} if padding is None else {"paddingIdx": padding}, "state": state(module), "input": ids.tolist(),
            "output": plain(output), "gradients": gradients(module),
        })
    return cases


def linear():
    cases = []
    for bias, shape in itertools.product((True, False), ((4,), (3, 4), (2, 3, 4))):
        module = nn.Linear(4, 5, bias=bias)
        x = leaf(*shape)
        output = module(x)
        project(output).backward()
        cases.append({
            "options": {"bias": bias}, "state": state(module), "input": plain(x), "output": plain(output),
            "inputGradient": plain(x.grad), "gradients": gradients(module),
        })
    return cases


T, B, F, H, LENGTHS = 4, 3, 2, 3, [2, 4, 1]
sequence, h_all, c_all = torch.randn(T, B, F), torch.randn(4, B, H), torch.randn(4, B, H)


def recurrent_case(module, lengths, given, batch_first):
    module.batch_first = batch_first
    is_lstm = isinstance(module, nn.LSTM)
    rows = module.num_layers * (2 if module.bidirectional else 1)
    x = (sequence.transpose(0, 1) if batch_first else sequence).clone().requires_grad_()
    states = [s[:rows].clone().requires_grad_() for s in ((h_all, c_all) if is_lstm else (h_all,))]
    initial = (tuple(states) if is_lstm else states[0]) if given else None
    fed = pack_padded_sequence(x, lengths, batch_first=batch_first, enforce_sorted=False) if lengths else x
    output, final = module(fed, initial)
    if lengths:
        output, _ = pad_packed_sequence(output, batch_first=batch_first, total_length=T)
    outputs = [output, *final] if is_lstm else [output, final]
    project(*outputs).backward()
    return {
        "lengths": lengths, "states": given, "batchFirst": batch_first, "outputs": [plain(y) for y in outputs],
        "inputGradients": [plain(leaf.grad) for leaf in ([x, *states] if given else [x])], "gradients": gradients(module),
    }


def recurrent():
    models = []
    kinds = [("RNN", {"nonlinearity": "tanh"}), ("RNN", {"nonlinearity": "relu"}), ("GRU", {}), ("LSTM", {})]
    sizes = [*itertools.product((1, 2), (False, True), (True,)), (1, True, False)]
    for (kind, extra), (layers, bidirectional, bias) in itertools.product(kinds, sizes):
        options = {"num_layers": layers, "bidirectional": bidirectional, "bias": bias, **extra}
        module = getattr(nn, kind)(F, H, **options)
        # lengths, states and batchFirst: every pair of values meets in one of the four
        cases = [recurrent_case(module, *case) for case in (
            (None, False, False), (LENGTHS, False, True), (None, True, True), (LENGTHS, True, False))]
        models.append({"kind": kind, "options": camel(options), "state": state(module), "cases": cases})
    return models


def cells():
    cases = []
    for kind, options in (("RNNCell", {"nonlinearity": "tanh"}), ("RNNCell", {"nonlinearity": "relu"}),
                          ("GRUCell", {}), ("LSTMCell", {}), ("GRUCell", {"bias": False})):
        module = getattr(nn, kind)(F, H, **options)
        inputs = [leaf(B, F), leaf(B, H)] + ([leaf(B, H)] if kind == "LSTMCell" else [])
        result = module(inputs[0], tuple(inputs[1:]) if kind == "LSTMCell" else inputs[1])
        outputs = result if isinstance(result, tuple) else (result,)
        project(*outputs).backward()
        cases.append({
            "kind": kind, "options": options, "state": state(module), "inputs": [plain(x) for x in inputs],
            "outputs": [plain(y) for y in outputs], "inputGradients": [plain(x.grad) for x in inputs],
            "gradients": gradients(module),
        })
    return cases


logits = torch.randn(5, 4) * 2
targets = torch.tensor([1, 3, 0, 1, 2])


def losses(function, options):
    cases = []
    for chosen in options:
        x = logits.clone().requires_grad_()
        output = function(x, chosen)
        project(output).backward()
        cases.append({"options": written(chosen), "output": plain(output), "gradient": plain(x.grad)})
    return cases


def written(options):
    return camel({name: plain(value) if torch.is_tensor(value) else value for name, value in options.items()})


def choices(**options):
    return [dict(zip(options, values)) for values in itertools.product(*options.values())]


def seq2seq():
    n_in, hidden, n_out = 11, 8, 13
    encoder = nn.ModuleDict({"embedding": nn.Embedding(n_in, hidden), "gru": nn.GRU(hidden, hidden)})
    decoder = nn.ModuleDict({
        "embedding": nn.Embedding(n_out, hidden), "gru": nn.GRU(hidden, hidden), "out": nn.Linear(hidden, n_out),
    })
    source, target = [3, 9, 0, 4, 3, 1], [0, 5, 12, 7, 5, 2, 1]
    h = torch.zeros(1, 1, hidden)
    encoded, decoded = [], []
    for token in source:
        output, h = encoder["gru"](encoder["embedding"](torch.tensor([[token]])), h)
        encoded.append(output)
    context = h
    loss = 0
    for token, wanted in zip(target, target[1:]):
        output, h = decoder["gru"](torch.relu(decoder["embedding"](torch.tensor([[token]]))), h)
        decoded.append(torch.log_softmax(decoder["out"](output[0]), dim=1))
        loss = loss + nn.functional.nll_loss(decoded[-1], torch.tensor([wanted]))
    loss.backward()
    return {
        "sizes": {"input": n_in, "hidden": hidden, "output": n_out}, "source": source, "target": target,
        "encoder": state(encoder), "decoder": state(decoder), "encoderOutputs": [plain(y) for y in encoded],
        "encoderHidden": plain(context), "decoderOutputs": [plain(y) for y in decoded], "decoderHidden": plain(h),
        "loss": number(loss.item()), "encoderGradients": gradients(encoder), "decoderGradients": gradients(decoder),
    }


class_weights = torch.tensor([0.5, 2.0, 0.0, 1.25])


def element_losses(kind, options):
    cases = []
    for chosen in options:
        x, target = (leaf.clone().requires_grad_() for leaf in (element_x, element_target))
        output = getattr(nn, kind)(**chosen)(x, target)
        project(output).backward()
        gradients = {"gradient": plain(x.grad), "targetGradient": plain(target.grad)}
        cases.append({"options": written(chosen), "output": plain(output), **gradients})
    return cases


REDUCTIONS = ("mean", "sum", "none")
result = {
    "embedding": embedding(),
    "linear": linear(),
    "recurrentInputs": {"x": plain(sequence), "h0": plain(h_all), "c0": plain(c_all)},
    "recurrent": recurrent(),
    "cells": cells(),
    "lossInputs": {"logits": plain(logits), "targets": targets.tolist()},
    "logSoftmax": losses(lambda x, o: torch.log_softmax(x, **o), choices(dim=(0, 1))),
    "nllLoss": losses(
        lambda x, o: nn.NLLLoss(**o)(torch.log_softmax(x, 1), targets),
        choices(reduction=REDUCTIONS, ignore_index=(-100, 1))
        + choices(reduction=REDUCTIONS, ignore_index=(-100, 1), weight=(class_weights,)),
    ),
    "crossEntropy": losses(
        lambda x, o: nn.CrossEntropyLoss(**o)(x, targets),
        choices(reduction=REDUCTIONS, ignore_index=(-100, 1), label_smoothing=(0.0, 0.1, 1.0))
        + choices(
            reduction=REDUCTIONS, ignore_index=(-100, 1), label_smoothing=(0.0, 0.1, 1.0), weight=(class_weights,)
        ),
    ),
    "seq2seq": seq2seq(),
}
element_x, element_target = torch.randn(3, 4) * 3, torch.rand(3, 4)
element_x[0, 0], element_x[0, 1] = 1000.0, -1000.0  # where e to their power is no number
element_target[0, 2], element_target[0, 3] = 0.0, 1.0


def layer_norm():
    cases = []
    for shape, options, scale in (
        ((4,), {}, 1), ((4,), {"eps": 0.5}, 1), ((3, 4), {}, 1), ((37,), {}, 1), ((4,), {"elementwise_affine": False}, 1),
        ((4,), {}, 0),
    ):
        module = nn.LayerNorm(shape, **options)
        for parameter in module.parameters():
            nn.init.normal_(parameter)
        x = (torch.randn(5, 3, *shape) * scale).requires_grad_()
        output = module(x)
        project(output).backward()
        cases.append({
            "shape": list(shape), "options": camel(options), "state": state(module), "input": plain(x),
            "output": plain(output), "inputGradient": plain(x.grad), "gradients": gradients(module),
        })
    return cases


weights, positives = torch.rand(3, 1) * 2, torch.rand(4) * 3
result |= {
    "layerNorm": layer_norm(),
    "elementLossInputs": {"x": plain(element_x), "target": plain(element_target)},
    "mse": element_losses("MSELoss", choices(reduction=REDUCTIONS)),
    "bceWithLogits": element_losses(
        "BCEWithLogitsLoss",
        choices(reduction=REDUCTIONS)
        + choices(reduction=REDUCTIONS, weight=(weights,))
        + choices(reduction=REDUCTIONS, pos_weight=(positives,))
        + choices(reduction=REDUCTIONS, weight=(weights,), pos_weight=(positives,)),
    ),
}
text = json.dumps(result, separators=(",", ":"), allow_nan=False)
pathlib.Path(__file__).with_suffix(".json").write_text(re.sub(r'("\w+":)(\[?\{"(?:options|kind|shape)")', r"\n\1\2", text) + "\n")
