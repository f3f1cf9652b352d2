import { version } from "../../version.js";
import { fields } from "./asked.js";
import type { Limits } from "./limits.js";

const text = { type: "string" } as const;
const whole = { type: "integer", minimum: 0 } as const;
const object = (properties: object, required: readonly string[]) => ({ type: "object", properties, required });
const list = (items: object) => ({ type: "array", items });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const content = (schema: object, type = "application/json") => ({ content: { [type]: { schema } } });
const retry = { "Retry-After": { description: "Seconds after which to ask again", schema: whole } };

/** What the server answers, as OpenAPI 3.1 describes it. */
export function openApi(limits: Limits): object {
  const schemas = Object.fromEntries(Object.entries(fields(limits)).map(([name, { schema }]) => [name, schema]));
  const failure = (description: string, headers?: object) => ({
    ...{ description, ...content(ref("Error")) },
    ...(headers && { headers }),
  });
  const get = (summary: string, ok: object, others: object = {}) => ({
    get: { summary, responses: { 200: { description: summary, ...ok }, ...others } },
  });
  return {
    openapi: "3.1.0",
    info: { title: "seqgrad serve", version, description: "Translates texts with a model that seqgrad trained." },
    paths: {
      "/translate": {
        post: {
          summary: "Translates one or many texts",
          requestBody: { required: true, ...content(ref("Request")) },
          responses: {
            200: {
              description: "The translations, in the order of the texts; with stream, one JSON object a line",
              content: {
                "application/json": { schema: object({ translations: list(ref("Translation")) }, ["translations"]) },
                "application/x-ndjson": {
                  schema: {
                    description: "Each line: further tokens, a whole translation with its index or, the last, an error",
                    oneOf: [
                      ref("Tokens"),
                      { allOf: [ref("Translation"), object({ index: whole }, ["index"])] },
                      ref("Error"),
                    ],
                  },
                },
              },
            },
            400: failure("No JSON, or no UTF-8"),
            408: { description: `The request did not arrive within ${limits.timeout / 1000} s` },
            413: failure("A body, a text or a list of them that is too large"),
            415: failure("Another Content-Type than application/json"),
            422: failure("JSON that does not say what to do"),
            500: failure("The server failed"),
            503: failure(`More than ${limits.queue} texts would wait, or the server is stopping`, retry),
            504: failure(`No answer within ${limits.timeout / 1000} s`),
          },
        },
      },
      "/health": get("Whether it takes requests", content(ref("Health")), {
        503: { description: "It is stopping", ...content(ref("Health")) },
      }),
      "/metrics": get("Figures for Prometheus", content(text, "text/plain")),
      "/openapi.json": get("This description", content({ type: "object" })),
    },
    components: {
      schemas: {
        Request: { ...object(schemas, ["text"]), additionalProperties: false },
        Translation: object(
          {
            source: text,
            target: { ...text, description: "Without nBest" },
            tokens: { ...list(text), description: "With nBest: the source's" },
            hypotheses: { ...list(ref("Hypothesis")), description: "With nBest, best first; none of an empty text" },
            unknown: { ...list(text), description: "Words of the source that the model does not know, if any" },
          },
          ["source"],
        ),
        Hypothesis: object(
          {
            text,
            score: { type: "number", description: "What hypotheses are ranked by" },
            logProbability: { type: "number" },
            isFinished: { type: "boolean", description: "false where the length limit cut it off" },
            tokens: list(text),
            alignment: {
              type: ["array", "null"],
              items: whole,
              description:
                "For each token the place, from 0, of the source token that it looked at most; as many as there are is the end",
            },
          },
          ["text", "score", "logProbability", "isFinished", "tokens", "alignment"],
        ),
        Tokens: {
          description: "Tokens as they are chosen, one by one of the first thirty, and the whole text up to them",
          ...object({ index: whole, tokens: list(text), text }, ["index", "tokens", "text"]),
        },
        Health: object({ status: { enum: ["ok", "stopping"] }, version: text, waiting: whole, running: whole }, [
          ...["status", "version", "waiting", "running"],
        ]),
        Error: object({ error: text }, ["error"]),
      },
    },
  };
}
