/** `amplitude` · sin(2πft), sampled. */
export function tone(frequency: number, sampleRate: number, seconds: number, amplitude = 0.5): Float32Array {
  const length = Math.round(sampleRate * seconds);
  return Float32Array.from({ length }, (_, t) => amplitude * Math.sin((2 * Math.PI * frequency * t) / sampleRate));
}
