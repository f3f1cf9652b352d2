import { startThreads } from "seqgrad";
import { visit } from "./visit.js";

postMessage("starting");
await startThreads(2);
postMessage("started");
postMessage(await visit("worker"));
