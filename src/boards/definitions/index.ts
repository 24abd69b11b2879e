import type { BoardDefinition } from '../definition.ts';
import { aider } from './aider.ts';
import { arcAgi } from './arc-agi.ts';
import { bfcl } from './bfcl.ts';
import { epochBenchmarks, epochEci } from './epoch.ts';
import { forecastbench } from './forecastbench.ts';
import { hal } from './hal.ts';
import { livebench } from './livebench.ts';
import { arenas } from './lmarena.ts';
import { mteb } from './mteb.ts';
import { openAsr, openAsrLong, openAsrMultilingual } from './open-asr.ts';
import { openLlmV1, openLlmV2Gradio } from './open-llm-gradio.ts';
import { openLlm } from './open-llm.ts';
import { openrouterModels } from './openrouter-models.ts';
import { openrouter } from './openrouter.ts';
import { sweBench } from './swe-bench.ts';
import { tauBench } from './tau-bench.ts';
import { terminalBench } from './terminal-bench.ts';
import { ttsArena } from './tts-arena.ts';
import { ugi } from './ugi.ts';
import { vectara } from './vectara.ts';
import { vectaraResults } from './vectara-results.ts';

/** The boards that we follow, by the id that `--board` takes. */
export const boards: readonly BoardDefinition[] = [
  openLlm,
  openAsr,
  openAsrLong,
  openAsrMultilingual,
  mteb,
  ttsArena,
  ugi,
  vectara,
  openLlmV1,
  openLlmV2Gradio,
  epochEci,
  epochBenchmarks,
  ...arenas,
  ...sweBench,
  ...arcAgi,
  ...tauBench,
  ...forecastbench,
  livebench,
  bfcl,
  aider,
  vectaraResults,
  openrouter,
  openrouterModels,
  ...hal,
  ...terminalBench,
];
