"""Goes on with a training that ``seqgrad train`` began, in one process or in many.

    python3 train.py MODEL --train pairs.tsv --valid valid.tsv --out MODEL2 --epochs 20
    python3 -m torch.distributed.run --nproc_per_node 2 train.py MODEL ...        (or torchrun)

MODEL is a folder with a checkpoint; settings, learning rate, optimiser state and batches are those of its run. Where
``--train`` is what it trained on (its validation pairs being in a file of their own), the batches come in the order
that ``seqgrad train --resume`` would take; with other pairs a new epoch begins. MODEL2 gets the model and a checkpoint.
Several processes share each batch, so that together they do what one does.
"""
import argparse
import json
import math
import os
import sys
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel

from batches import Generator, Pair, bucketed_batches, fingerprint, make_batch, read_pairs
from checkpoint import read_run, write_run
from folder import load, save
from schedule import learning_rate_factor

LEFT_OUT = {"ema": 0, "averageCheckpoints": 1, "subwordDropout": 0, "teacherForcing": 1}
"""Settings that only seqgrad follows, and what they are where they do nothing."""


class Trainer:
    """One of ``world`` processes, the ``rank``-th, that train the same model, each on its share of every batch."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        if self.world > 1:
            dist.init_process_group("gloo")
        if options.out.exists() and any(options.out.iterdir()):
            raise SystemExit(f"--out: expected an empty or absent folder, got {options.out}, which holds something")
        translator = load(options.model)
        self.model = translator.model
        self.run = read_run(options.model, self.model)
        self.progress = self.run.header["progress"]
        self.change_settings()
        self.settings = self.run.settings
        self.epochs = self.settings["epochs"]
        self.pairs = read_pairs(options.train, translator, self.settings["maxLength"])
        self.valid = read_pairs(options.valid, translator, self.settings["maxLength"]) if options.valid else []
        self.find_place()
        self.shared = DistributedDataParallel(self.model) if self.world > 1 else self.model
        torch.manual_seed(self.settings["seed"] + self.rank)  # dropout of each share is its own
        self.best = math.inf

    def change_settings(self) -> None:
        """As the command says, and without what is left out here."""
        settings = self.run.header["settings"]
        settings["epochs"] = self.options.epochs or settings["epochs"]
        for name, inert in LEFT_OUT.items():
            if settings.get(name, inert) != inert:
                self.say(f"note: {name} {settings[name]} is left out here")
                settings[name] = inert

    def say(self, text: str, **numbers: object) -> None:
        if self.rank == 0:
            print(json.dumps(numbers) if self.options.json and numbers else text, flush=True)

    def find_place(self) -> None:
        """In the middle of an epoch, if these are the pairs that it is of; else at the beginning of the next."""
        self.generator = Generator(self.run.header["generator"])
        identity, own = self.run.header["identity"], fingerprint(self.pairs)
        if identity["training pairs"] == own:
            return
        self.say("note: other pairs to train on than the run began with")
        identity["training pairs"] = own
        if self.progress["step"] > 0:
            self.progress.update(epoch=self.progress["epoch"] + 1, step=0)

    def batches(self) -> list[list[int]]:
        """This epoch's; in its middle their order is drawn again as it was."""
        if self.progress["step"] == 0:
            self.progress["epochStart"] = list(self.generator.state)
            generator = self.generator
        else:
            generator = Generator(self.progress["epochStart"])
        return bucketed_batches(self.pairs, self.settings["batchSize"], self.settings["batchTokens"], generator)

    def summed_loss(self, pairs: list[Pair], label_smoothing: float = 0.0) -> Tensor:
        """The loss of this process's share; where there is none, 0 with a derivative, which the others wait for."""
        mine = pairs[self.rank :: self.world]
        return self.shared(make_batch(mine or pairs[:1]), label_smoothing) * (1.0 if mine else 0.0)

    def over_all(self, value: Tensor) -> float:
        """The sum over all processes."""
        total = value.detach().double()
        if self.world > 1:
            dist.all_reduce(total)
        return total.item()

    def step(self, pairs: list[Pair], steps_per_epoch: int) -> float:
        """One update: the gradient of the mean loss, clipped, and the optimiser's step. Returns the mean loss."""
        settings, optimizer = self.settings, self.run.optimizer
        for group in optimizer.param_groups:
            group["lr"] = settings["lr"] * learning_rate_factor(self.progress, self.epochs, steps_per_epoch, settings)
        count = sum(len(target) + 1 for _, target in pairs)
        divisor = count if settings["lossReduction"] == "token" else len(pairs)
        optimizer.zero_grad()
        summed = self.summed_loss(pairs, settings["labelSmoothing"])
        (summed * self.world / divisor).backward()  # processes take the mean of their gradients: together, the sum
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), settings["clipNorm"])
        if not norm.isfinite():
            raise SystemExit(f"step {self.progress['totalSteps'] + 1}: expected finite gradients, got a norm of {norm}")
        optimizer.step()
        loss = self.over_all(summed) / count
        done = self.progress["step"] + 1
        at = {"epoch": self.progress["epoch"] + 1, "step": 0} if done == steps_per_epoch else {"step": done}
        sums = {"lossSum": self.progress["lossSum"] + loss * count, "count": self.progress["count"] + count}
        self.progress.update(at, **sums, totalSteps=self.progress["totalSteps"] + 1)
        return loss

    @torch.no_grad()
    def validate(self) -> float:
        """The mean loss of the validation pairs."""
        self.model.eval()
        batches = [self.valid[begin : begin + 64] for begin in range(0, len(self.valid), 64)]
        total = sum(self.over_all(self.summed_loss(batch)) for batch in batches)
        return total / sum(len(target) + 1 for _, target in self.valid)

    def keep(self) -> None:
        """Writes the model, unless an earlier one of this training was better, and the checkpoint."""
        loss = self.validate() if self.valid else 0.0
        if not math.isfinite(loss):
            raise SystemExit(f"step {self.progress['totalSteps']}: expected a finite validation loss, got {loss}")
        if self.valid:
            self.say(f"step {self.progress['totalSteps']}: validation loss {loss:.4f}")
        is_best = loss <= self.best
        self.best = min(loss, self.best)
        if self.rank > 0:
            return
        if is_best:
            save(self.model, self.options.model, self.options.out)
        # seqgrad judges by what it measures itself: its next validation is the first.
        self.progress.update(best=None, bestDue=None, sinceBest=0)
        self.run.header["generator"] = list(self.generator.state)
        write_run(self.options.out, self.run)

    def train(self) -> None:
        if self.progress["epoch"] >= self.epochs:
            raise SystemExit(f"expected --epochs above the {self.progress['epoch']} that are done, got {self.epochs}")
        left = self.options.steps
        while self.progress["epoch"] < self.epochs and left > 0:
            batches = self.batches()
            for batch in batches[self.progress["step"] :]:
                self.model.train()
                loss = self.step([self.pairs[i] for i in batch], len(batches))
                number = self.progress["totalSteps"]
                self.say(f"step {number}: loss {loss:.4f}", step=number, loss=loss)
                left -= 1
                if left <= 0:
                    break
            self.keep()
        if self.world > 1:
            dist.barrier()
            sys.stdout.flush()
            os._exit(0)  # taking gloo down, PyTorch 1.13 may wait for itself: with the interpreter's lock for who wants it


def main() -> None:
    parser = argparse.ArgumentParser(description="Goes on with a training that seqgrad train began.")
    parser.add_argument("model", type=Path, help="folder with a model and a checkpoint")
    parser.add_argument("--train", type=Path, required=True, help="source TAB target on each line")
    parser.add_argument("--valid", type=Path, help="the same, to judge by: the best model is kept, else the last")
    parser.add_argument("--out", type=Path, required=True, help="folder for model and checkpoint")
    parser.add_argument("--epochs", type=int, help="epochs in all (as the run began with)")
    parser.add_argument("--steps", type=float, default=math.inf, help="stop after so many steps")
    parser.add_argument("--json", action="store_true", help="prints each step as a JSON object")
    Trainer(parser.parse_args()).train()


if __name__ == "__main__":
    main()
