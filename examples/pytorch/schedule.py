"""How the learning rate goes in a run, as seqgrad's settings say."""
import math


def learning_rate_factor(progress: dict, epochs: int, steps_per_epoch: int, settings: dict) -> float:
    """What the next step multiplies the learning rate by, t epochs (with their fraction) being done:

        none     1
        linear   1 - t / epochs
        plateau  factor ** n, n being how often the validations of the run found nothing better
        step     factor ** (1 + floor((t - start) / every)) from t = start on, 1 before

    times 1/n, 2/n, ... 1 over the first n = warmupSteps steps.
    """
    warmup, done = settings["warmupSteps"], progress["totalSteps"]
    rising = (done + 1) / warmup if done < warmup else 1.0
    t = progress["epoch"] + progress["step"] / steps_per_epoch
    factor = settings["lrDecayFactor"]
    if settings["lrDecay"] == "linear":
        return rising * (1 - t / epochs)
    if settings["lrDecay"] == "plateau":
        return rising * factor ** progress["reductions"]
    if settings["lrDecay"] == "step" and t >= settings["lrDecayStart"]:
        down = 1 + math.floor((t - settings["lrDecayStart"]) / settings["lrDecayEvery"] + 1e-9)
        return rising * factor**down
    return rising
