import { answerBoard, answerEvalYaml } from './boards.ts';
import type { BenchmarkDataset } from './boards.ts';
import type { Fault } from './faults.ts';
import { createList } from './lists.ts';
import type { ListOptions } from './lists.ts';
import { DATASETS, MODELS, SPACES } from './listing.ts';
import { answerModel, missingReply } from './model.ts';
import { createOwners } from './owners.ts';
import { errorReply, jsonReply } from './reply.ts';
import type { Reply } from './reply.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';
import { buildDatasetVocabulary, buildVocabulary } from './vocabulary.ts';
import type { VocabularyTag } from './vocabulary.ts';

/** One GET request, past quota and token. */
export interface Ask {
  url: URL;
  hasToken: boolean;
  /** Scheme and host of `Link` headers. */
  origin: string;
  /** A quiet fault that the answer is to show. */
  fault?: Fault;
}

export interface Routes {
  /** Whether this asks for a page of the list of models and will not be refused with a 400. */
  isModelPage(url: URL): boolean;
  answer(ask: Ask): Reply;
}

/** All that the replica serves, by path; 404 in JSON elsewhere. */
export function createRoutes(
  store: Store,
  { datasets, spaces }: { datasets: readonly BenchmarkDataset[]; spaces: Store },
  options: ListOptions & { goneOwners: readonly string[] },
): Routes {
  const models = createList(MODELS, store, options);
  const others = { datasets: createStore(datasets.map(({ entry }) => entry)), spaces };
  const lists = [
    [MODELS, models],
    [DATASETS, createList(DATASETS, others.datasets, options)],
    [SPACES, createList(SPACES, spaces, options)],
  ] as const;
  const entries = { datasets: others.datasets.entries, spaces: spaces.entries };
  const answerOwner = createOwners({ models: store.entries, ...entries }, options.goneOwners);
  let vocabulary: Readonly<Record<string, VocabularyTag[]>> | undefined;

  return {
    isModelPage: ({ pathname, searchParams }) =>
      pathname === MODELS.path && models.isPage(searchParams),
    answer(ask) {
      const { pathname, searchParams: parameters } = ask.url;
      const list = lists.find(([{ path }]) => path === pathname)?.[1];
      if (list !== undefined) return list.answer({ ...ask, parameters });
      if (pathname === '/api/models-tags-by-type') {
        vocabulary ??= buildVocabulary(store);
        return answerVocabulary(vocabulary, parameters.get('type'));
      }
      if (pathname === '/api/datasets-tags-by-type')
        return answerVocabulary(buildDatasetVocabulary(others.datasets), parameters.get('type'));
      if (pathname === '/api/quicksearch') {
        const counts = {
          modelsCount: store.entries.length,
          datasetsCount: datasets.length,
          spacesCount: spaces.entries.length,
        };
        return jsonReply(200, JSON.stringify({ models: [], ...counts, q: parameters.get('q') }));
      }
      const one = answerOther(others, ask) ?? answerModelAt(store, ask) ?? answerOwner(pathname);
      return (
        answerBenchmark(datasets, ask) ?? one ?? errorReply(404, 'Nothing is served at this path.')
      );
    },
  };
}

/** What a benchmark has beside its record; undefined for another path. */
function answerBenchmark(datasets: readonly BenchmarkDataset[], ask: Ask): Reply | undefined {
  const { pathname, searchParams: parameters } = ask.url;
  const board = /^\/api\/datasets\/([^/]+\/[^/]+)\/leaderboard$/.exec(pathname)?.[1];
  const file = /^\/datasets\/([^/]+\/[^/]+)\/raw\/main\/eval\.yaml$/.exec(pathname)?.[1];
  if (file !== undefined) return answerEvalYaml(datasets, { ...ask, id: file });
  return board === undefined ? undefined : answerBoard(datasets, { ...ask, id: board, parameters });
}

/** A single model; undefined for another path. */
function answerModelAt(store: Store, ask: Ask): Reply | undefined {
  const { pathname, search } = ask.url;
  const at = '/api/models/';
  if (!pathname.startsWith(at)) return undefined;
  return answerModel(store, { ...ask, rest: pathname.slice(at.length), search });
}

/** A single data set or Space, as it is kept; undefined for another path. */
function answerOther(
  stores: Readonly<Record<'datasets' | 'spaces', Store>>,
  { url, hasToken }: Ask,
): Reply | undefined {
  const [, kind, id = ''] = /^\/api\/(datasets|spaces)\/([^/]+\/[^/]+)$/.exec(url.pathname) ?? [];
  if (kind !== 'datasets' && kind !== 'spaces') return undefined;
  const entry = stores[kind].byId.get(id);
  return entry === undefined ? missingReply(hasToken) : jsonReply(200, entry.line);
}

function answerVocabulary(
  vocabulary: Readonly<Record<string, VocabularyTag[]>>,
  asked: string | null,
): Reply {
  if (asked === null) return jsonReply(200, JSON.stringify(vocabulary));
  const types = Object.keys(vocabulary);
  const type = types.find((it) => it === asked);
  if (type === undefined) {
    return errorReply(400, `"${asked}" is no type of tag. These are: ${types.join(', ')}.`);
  }
  return jsonReply(200, JSON.stringify({ [type]: vocabulary[type] }));
}
