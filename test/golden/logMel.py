"""Log-mel frames by numpy and PyTorch's STFT, for test/seq2seq/audio.

Run with a Python that has PyTorch (1.13) and numpy:  python3 test/golden/logMel.py   → test/golden/logMel.json

All is computed in double precision, the filters as straight lines between their corners by numpy's interpolation, the
normalisation by PyTorch's batch_norm. Numbers have 7 significant digits.

"sounds"      by name, samples · 32768: integers of 16 bits
"cases"       a list: sound, options of logMel, frames [frames][bands], and normalized, what normalizeFrames makes of them
"""
import json
import pathlib

import numpy as np
import torch

rng = np.random.default_rng(12)


def sound(rate, seconds, level):
    """A rising tone with overtones, in noise; its last quarter is digital silence."""
    t = np.arange(int(rate * seconds)) / rate
    phase = 2 * np.pi * (200 * t + rate / 8 * t * t / seconds)
    x = level * (np.sin(phase) + 0.3 * np.sin(3 * phase)) + 0.01 * rng.standard_normal(len(t))
    x[-len(t) // 4:] = 0
    return np.round(x * 32768).clip(-32768, 32767).astype(int)


def log_mel(x, sampleRate, window=25, hop=10, bands=40, lowFrequency=0, highFrequency=None, preEmphasis=0, center=True,
            topDb=None):
    size, step = (int(ms * sampleRate / 1000 + 0.5) for ms in (window, hop))  # halves up, as JavaScript rounds
    fft = 1 << (size - 1).bit_length()
    x = np.concatenate([x[:1], x[1:] - preEmphasis * x[:-1]])
    if center:
        left = (size + 1) // 2
        x = np.pad(x, (left, size - left))
    # A window of `size` samples from each start; PyTorch would put it in the middle of those of the FFT.
    starts = range(0, len(x) - size + 1, step)
    blocks = torch.tensor(np.stack([x[s:s + size] for s in starts]))
    spectra = torch.fft.rfft(blocks * torch.hann_window(size, dtype=torch.float64), n=fft)
    power = spectra.abs().numpy() ** 2  # [frames, fft/2 + 1]

    high = sampleRate / 2 if highFrequency is None else highFrequency
    mel = lambda f: 2595 * np.log10(1 + f / 700)
    corners = 700 * (10 ** (np.linspace(mel(lowFrequency), mel(high), bands + 2) / 2595) - 1)
    frequencies = np.fft.rfftfreq(fft, 1 / sampleRate)
    filters = np.stack([np.interp(frequencies, corners[b:b + 3], [0, 1, 0]) for b in range(bands)])
    frames = np.maximum(power @ filters.T, 1e-10)
    if topDb is not None:  # as torchaudio.transforms.AmplitudeToDB(top_db=…), in dB, and back
        decibels = 10 * np.log10(frames)
        frames = 10 ** (np.maximum(decibels, decibels.max() - topDb) / 10)
    return np.log(frames), x, size, step, fft


def by_stft(x, size, step, fft):
    """The same power by torch.stft, which centres windows by itself: a check of this script."""
    spectra = torch.stft(torch.tensor(x), fft, step, size, torch.hann_window(size, dtype=torch.float64), center=True,
                         pad_mode="constant", return_complex=True)
    return spectra.abs().numpy().T ** 2


sounds = {"8k": sound(8000, 0.2, 0.3), "16k": sound(16000, 0.12, 0.9), "22k": sound(22050, 0.1, 0.02)}
cases = [
    ("8k", dict(sampleRate=8000)),
    ("8k", dict(sampleRate=8000, center=False, preEmphasis=0.97)),
    ("8k", dict(sampleRate=8000, window=32, hop=16, bands=23, lowFrequency=64, highFrequency=3800)),
    ("16k", dict(sampleRate=16000, preEmphasis=0.5)),
    ("16k", dict(sampleRate=16000, window=20, hop=12.5, bands=64, lowFrequency=60, center=False)),
    ("22k", dict(sampleRate=22050)),
    ("16k", dict(sampleRate=16000, topDb=40)),
]
result = []
for name, options in cases:
    x = sounds[name] / 32768
    frames, padded, size, step, fft = log_mel(x, **options)
    if options.get("center", True):
        emphasised = np.concatenate([x[:1], x[1:] - options.get("preEmphasis", 0) * x[:-1]])
        power = by_stft(emphasised, size, step, fft)
        blocks = [padded[s:s + size] * torch.hann_window(size, dtype=torch.float64).numpy()
                  for s in range(0, len(padded) - size + 1, step)]
        assert np.allclose(np.abs(np.fft.rfft(blocks, fft)) ** 2, power[:len(blocks)]), name
        assert len(blocks) == len(power), name
    normalized = torch.nn.functional.batch_norm(torch.tensor(frames), None, None, training=True, eps=1e-5).numpy()
    rounded = lambda rows: [[float(f"{v:.7g}") for v in row] for row in rows]
    result.append(dict(sound=name, options=options, frames=rounded(frames), normalized=rounded(normalized)))

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(dict(sounds={k: v.tolist() for k, v in sounds.items()}, cases=result)) + "\n")
