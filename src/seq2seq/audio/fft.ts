/**
 * The discrete Fourier transform of N real numbers, N a power of two:
 *
 *     X[k] = Σₙ x[n] · e^(−2πi·kn/N),  k = 0 … N/2
 *
 * (the rest mirrors it). Even and odd numbers, as real and imaginary parts, are M = N/2 complex ones. Their transform Z comes of
 * the radix-2 method (Cooley and Tukey, "An Algorithm for the Machine Calculation of Complex Fourier Series", 1965), and
 *
 *     E[k] = (Z[k] + Z*[M−k]) / 2,  O[k] = (Z[k] − Z*[M−k]) / 2i,  X[k] = E[k] + e^(−2πi·k/N) · O[k]
 *
 * @example
 * const { real, imaginary } = new RealFFT(4).transform(Float64Array.of(1, 0, 0, 0)); // [1, 1, 1], [0, 0, 0]
 */
export class RealFFT {
  readonly size: number;
  /** cos and sin of 2πk/N, k = 0 … N/2. */
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  /** Each index with its bits turned round: the order that the radix-2 method begins with. */
  readonly #reversed: Uint32Array;
  readonly #zReal: Float64Array; // [M]
  readonly #zImaginary: Float64Array; // [M]
  readonly #real: Float64Array; // [N/2 + 1]
  readonly #imaginary: Float64Array; // [N/2 + 1]

  /** Throws `RangeError` unless `size` is a power of two, 2 or more. */
  constructor(size: number) {
    if (!Number.isInteger(Math.log2(size)) || size < 2) {
      throw new RangeError(`RealFFT: expected a size that is a power of two from 2 on, got ${size}`);
    }
    const half = size / 2;
    this.size = size;
    this.#cos = Float64Array.from({ length: half + 1 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.#sin = Float64Array.from({ length: half + 1 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
    this.#reversed = new Uint32Array(half);
    for (let i = 1; i < half; i++) this.#reversed[i] = (this.#reversed[i >> 1] >> 1) + (i % 2) * (half / 2);
    [this.#zReal, this.#zImaginary] = [new Float64Array(half), new Float64Array(half)];
    [this.#real, this.#imaginary] = [new Float64Array(half + 1), new Float64Array(half + 1)];
  }

  /**
   * The transform of `size` numbers: N/2 + 1 real and imaginary parts, which the next transform overwrites. Throws `RangeError`
   * on another number of them.
   */
  transform(x: Float64Array): { readonly real: Float64Array; readonly imaginary: Float64Array } {
    if (x.length !== this.size) throw new RangeError(`RealFFT: expected ${this.size} numbers, got ${x.length}`);
    for (let i = 0; i < this.#reversed.length; i++) {
      this.#zReal[i] = x[2 * this.#reversed[i]];
      this.#zImaginary[i] = x[2 * this.#reversed[i] + 1];
    }
    this.#transformComplex();
    this.#separate();
    return { real: this.#real, imaginary: this.#imaginary };
  }

  /** Z from z in bit-reversed order: transforms of 1, 2, 4 … numbers, each made of two of the ones before. */
  #transformComplex(): void {
    const [zr, zi, cos, sin] = [this.#zReal, this.#zImaginary, this.#cos, this.#sin];
    for (let half = 1; half < zr.length; half *= 2) {
      const stride = this.size / (2 * half); // e^(−2πi·j/(2·half)) stands at j · stride
      for (let begin = 0; begin < zr.length; begin += 2 * half) {
        for (let j = 0; j < half; j++) {
          const a = begin + j;
          const b = a + half;
          const real = zr[b] * cos[j * stride] + zi[b] * sin[j * stride];
          const imaginary = zi[b] * cos[j * stride] - zr[b] * sin[j * stride];
          zr[b] = zr[a] - real;
          zi[b] = zi[a] - imaginary;
          zr[a] += real;
          zi[a] += imaginary;
        }
      }
    }
  }

  /** X from Z. */
  #separate(): void {
    const [zr, zi, cos, sin] = [this.#zReal, this.#zImaginary, this.#cos, this.#sin];
    const half = zr.length;
    for (let k = 0; k <= half; k++) {
      const i = k % half;
      const j = (half - k) % half;
      const evenReal = (zr[i] + zr[j]) / 2;
      const evenImaginary = (zi[i] - zi[j]) / 2;
      const oddReal = (zi[i] + zi[j]) / 2;
      const oddImaginary = (zr[j] - zr[i]) / 2;
      this.#real[k] = evenReal + cos[k] * oddReal + sin[k] * oddImaginary;
      this.#imaginary[k] = evenImaginary + cos[k] * oddImaginary - sin[k] * oddReal;
    }
  }
}
