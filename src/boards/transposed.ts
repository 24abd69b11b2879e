import { MODEL_HEADER } from './text.ts';
import { numberOf } from './values.ts';

/** Families that models of other makers are not called after, and sizes: `GPT-4o`, `x-7b`. */
const MODEL =
  /\b(?:chatgpt|gpt|llama|vicuna|claude|gemini|gemma|palm|qwen|qwq|mi[sx]tral|deepseek|phi|grok|command-r|falcon|glm|chatglm|kimi|roberta|bert|olmo|granite|nemotron|internlm|baichuan|ernie|hunyuan|minimax|jamba|smollm|whisper|opus|sonnet|haiku)(?![a-z])|\bo[1-9]\b|\b\d+(?:\.\d+)?[bm]\b/i;
const METRIC =
  /\b(?:mmlu|mmmu|gsm8k|hellaswag|arc|truthfulqa|winogrande|humaneval|mbpp|math|aime|gpqa|bbh|ifeval|drop|boolq|piqa|swe|livecodebench|accuracy|acc|f1|bleu|rouge|wer|perplexity|latency|costs?|prices?|param(?:eter)?s|context|recall|precision|average|avg|overall|elo|score)\b/i;

/** Heads of columns that say what was measured. */
const MEASURED = /^(?:metrics?|benchmarks?|tasks?|tests?|data ?sets?|evaluations?)$/i;

const most = (texts: readonly string[], test: (text: string) => boolean): boolean =>
  texts.filter(test).length > texts.length / 2;

/**
 * What the columns and the rows of a table are, in words, where its columns are models and its rows
 * what was measured; null for any other table. `columns` are the cells of each header. Pure.
 */
export function transposed(
  headers: readonly string[],
  columns: readonly (readonly string[])[],
): string | null {
  const at = columns.findIndex((texts) => most(texts, (text) => numberOf(text) === null));
  const [label = '', names = []] = [headers[at], columns[at]];
  const others = headers.filter((_header, place) => place !== at);
  const models = others.filter((header) => MODEL.test(header));
  const areMetrics = most(names, (name) => METRIC.test(name));
  const areModels = models.length >= 2 && models.length >= others.length / 2;
  // Nobody knows the names of all models, but that of the first column, and what is in it.
  const isSaid = MEASURED.test(label.trim()) && areMetrics && others.length > 2;
  if (at < 0 || !(areModels || isSaid)) return null;
  // Its corner may name what the other headers are.
  const isTurned = MODEL_HEADER.test(label) ? areMetrics : !most(names, (name) => MODEL.test(name));
  if (!isTurned) return null;
  const some = (texts: readonly string[]): string => texts.slice(0, 3).join(', ');
  return `its columns are models (${some(areModels ? models : others)}), its rows what was measured (${some(names)})`;
}
