import { visit } from "./visit.js";

postMessage(await visit("worker"));
