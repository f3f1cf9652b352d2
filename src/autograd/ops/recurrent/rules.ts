import { gruRule } from "./gru.js";
import { lstmRule } from "./lstm.js";
import { rnnRules } from "./rnn.js";

/** Every kind of cell, for ops that take any. */
export const cellRules = { rnn: rnnRules.tanh, reluRnn: rnnRules.relu, gru: gruRule, lstm: lstmRule } as const;
