/** A triangle over the frequencies of a spectrum: its weights, from index `first` on. All others are 0. */
export interface MelBand {
  readonly first: number;
  readonly weights: Float64Array;
}

/** HTK's mel scale: m = 2595 log₁₀(1 + f / 700), f in Hz. (Young et al., "The HTK Book", 2002, section 5.4) */
export function hertzToMel(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}

/** f = 700 (10^(m / 2595) − 1), in Hz. */
export function melToHertz(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}

/**
 * Triangular filters from `low` to `high` Hz: their corners f₀ … f_{bands+1} are equally far apart in mel, and band b has at f
 *
 *     max(0, min((f − f_b) / (f_{b+1} − f_b), (f_{b+2} − f) / (f_{b+2} − f_{b+1})))
 *
 * which is 1 at its middle: `torchaudio.functional.melscale_fbanks` with `mel_scale="htk", norm=None`. The spectrum's
 * frequencies are k · sampleRate / fftSize. Throws `RangeError` when a band has none of them.
 */
export function melBands(bands: number, low: number, high: number, sampleRate: number, fftSize: number): MelBand[] {
  const [lowMel, highMel] = [hertzToMel(low), hertzToMel(high)];
  const corner = (i: number): number => melToHertz(lowMel + ((highMel - lowMel) * i) / (bands + 1));
  const spacing = sampleRate / fftSize;
  return Array.from({ length: bands }, (_, band) => {
    const [left, middle, right] = [corner(band), corner(band + 1), corner(band + 2)];
    const first = Math.floor(left / spacing) + 1;
    const end = Math.min(Math.ceil(right / spacing), fftSize / 2 + 1);
    if (first >= end) {
      const range = `${left.toFixed(1)} to ${right.toFixed(1)} Hz`;
      throw new RangeError(
        `logMel: expected bands that each hold a frequency of the spectrum, one every ${spacing.toFixed(1)} Hz; got band ${band} of ` +
          `${bands}, ${range}: take fewer bands or a longer window`,
      );
    }
    const weights = Float64Array.from({ length: end - first }, (_, i) => {
      const f = (first + i) * spacing;
      return Math.min((f - left) / (middle - left), (right - f) / (right - middle));
    });
    return { first, weights };
  });
}
