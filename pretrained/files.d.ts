/** A translator's files by name, and its weights as base64. */
export declare const files: {
  readonly "config.json": string;
  readonly "source.json": string;
  readonly "target.json": string;
  readonly weights: string;
};
