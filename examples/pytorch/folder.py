"""A translator's folder, as seqgrad writes it: read, and written back."""
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from model import Seq2Seq
from tensorfile import read_tensors, write_tensors
from text import Language

TEXTS = ("config.json", "source.json", "target.json")
WEIGHTS = "model.safetensors"


@dataclass
class Translator:
    """A model between two languages."""

    model: Seq2Seq
    source: Language
    target: Language
    reverse_source: bool
    """Whether the model reads the source from its last word to its first."""

    def encode_source(self, text: str) -> list[int]:
        ids = self.source.encode(text)
        return ids[::-1] if self.reverse_source else ids


def load(folder: Path) -> Translator:
    """Rebuilds the translator of a folder, ready to translate."""
    lacking = [name for name in [*TEXTS, WEIGHTS] if not (folder / name).exists()]
    if lacking:
        raise SystemExit(f"{folder}: expected the folder of a translator, got one without {', '.join(lacking)}")
    config, source, target = (json.loads((folder / name).read_text("utf-8")) for name in TEXTS)
    if config.get("task", "translate") != "translate":
        raise SystemExit(f"{folder}: expected a translator, got a model that is to {config['task']}")
    model = Seq2Seq(complete(config["model"]))
    load_weights(model, read_tensors(folder / WEIGHTS)[0])
    languages = Language.from_json(source), Language.from_json(target)
    return Translator(model.eval(), *languages, reverse_source=config["reverseSource"])


def complete(config: dict) -> dict:
    """A model's config with what one from an earlier version lacks."""
    defaults = {"cell": "gru", "numLayers": 1, "attention": "none", "tied": "none", "initialState": "last"}
    flags = ("bidirectional", "layerNorm", "residual", "contextInput", "inputFeeding", "conditional", "lexical")
    rates = ("dropout", "contextDropout", "wordDropout")
    own = {**defaults, **dict.fromkeys(flags, False), **dict.fromkeys(rates, 0.0), **config}
    attends = own["attention"] != "none"
    inferred = {"embeddingSize": own["hiddenSize"], "embeddingDropout": own["dropout"]}
    return {**inferred, "outputDropout": own["dropout"] if attends else 0.0, **own}


def load_weights(model: Seq2Seq, tensors: dict[str, Tensor]) -> None:
    """Fills the model. A weight with several names, as tied tables have, may stand under any one of them."""
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    own = model.state_dict(keep_vars=True)
    filled = {id(own[name]) for name in tensors if name in own}
    lacking = [name for name in missing if id(own[name]) not in filled]
    if lacking or unexpected:
        raise SystemExit(f"expected the weights of the model, got none as {lacking} and others as {unexpected}")


def save(model: Seq2Seq, begun: Path, folder: Path) -> None:
    """Writes a folder that seqgrad reads: these weights, and all else as in the folder that the run began with."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in [*TEXTS, "settings.json"]:
        if (begun / name).exists():
            shutil.copyfile(begun / name, folder / name)
    weights = {name: parameter.detach() for name, parameter in model.named_parameters()}
    write_tensors(folder / WEIGHTS, weights, {"format": "pt"})
