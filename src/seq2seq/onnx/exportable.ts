import { AdditiveAttention, DotAttention, GeneralAttention } from "../../nn/attention.js";
import { ModuleList } from "../../nn/containers.js";
import { Embedding } from "../../nn/embedding.js";
import { GRU } from "../../nn/gru.js";
import { Linear } from "../../nn/linear.js";
import { LSTM } from "../../nn/lstm.js";
import { RNN } from "../../nn/rnn.js";
import { blaming } from "../files/blaming.js";
import { checkFinite } from "../files/finite.js";
import { AttentionDecoder } from "../models/attentionDecoder.js";
import { ConditionalDecoder } from "../models/conditionalDecoder.js";
import { Decoder } from "../models/decoder.js";
import { Encoder } from "../models/encoder.js";
import { FeedingDecoder } from "../models/feedingDecoder.js";
import { LanguageModel } from "../models/languageModel.js";
import { LexicalModel } from "../models/lexical.js";
import { Seq2Seq } from "../models/seq2seq.js";

/** What the graphs are written for. A class that extends one of them may compute something else, which no graph would show. */
const KINDS = new Set<unknown>([
  ...[Seq2Seq, Encoder, Decoder, AttentionDecoder, FeedingDecoder, ConditionalDecoder, LanguageModel, LexicalModel],
  ...[DotAttention, GeneralAttention, AdditiveAttention, RNN, GRU, LSTM, Embedding, Linear, ModuleList],
]);

/** Throws `TypeError` on a part that is none of the library's own, and `Error` on a weight that is not finite. */
export function checkExportable(model: Seq2Seq | LanguageModel): void {
  for (const [, part] of model.namedModules()) {
    if (!KINDS.has(part.constructor)) {
      throw new TypeError(`export: a module ${part.constructor.name} cannot be exported, only the library's own`);
    }
  }
  blaming("export: ", () => checkFinite(Object.fromEntries(model.namedParameters())));
}
