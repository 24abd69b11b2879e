import { answerBoard, answerEvalYaml } from './boards.ts';
import type { BenchmarkDataset } from './boards.ts';
import type { Fault } from './faults.ts';
import { createList } from './lists.ts';
import type { ListOptions } from './lists.ts';
import { DATASETS, MODELS, SPACES } from './listing.ts';
import { answerModel } from './model.ts';
import { createOwners } from './owners.ts';
import { errorReply, jsonReply } from './reply.ts';
import type { Reply } from './reply.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';
import { buildVocabulary, TAG_TYPES } from './vocabulary.ts';
import type { Vocabulary } from './vocabulary.ts';

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
  const lists = [
    [MODELS, models],
    [DATASETS, createList(DATASETS, createStore(datasets.map(({ entry }) => entry)), options)],
    [SPACES, createList(SPACES, spaces, options)],
  ] as const;
  const listed = { models: store.entries, spaces: spaces.entries };
  const answerOwner = createOwners(
    { ...listed, datasets: datasets.map(({ entry }) => entry) },
    options.goneOwners,
  );
  let vocabulary: Vocabulary | undefined;

  return {
    isModelPage: ({ pathname, searchParams }) =>
      pathname === MODELS.path && models.isPage(searchParams),
    answer(ask) {
      const { pathname, searchParams: parameters, search } = ask.url;
      const list = lists.find(([{ path }]) => path === pathname)?.[1];
      if (list !== undefined) return list.answer({ ...ask, parameters });
      if (pathname === '/api/models-tags-by-type') {
        vocabulary ??= buildVocabulary(store);
        return answerVocabulary(vocabulary, parameters.get('type'));
      }
      if (pathname === '/api/quicksearch') {
        const counts = {
          modelsCount: store.entries.length,
          datasetsCount: datasets.length,
          spacesCount: spaces.entries.length,
        };
        return jsonReply(200, JSON.stringify({ models: [], ...counts, q: parameters.get('q') }));
      }
      if (pathname.startsWith('/api/models/')) {
        const rest = pathname.slice('/api/models/'.length);
        const reply = answerModel(store, { ...ask, rest, search });
        if (reply !== undefined) return reply;
      }
      return (
        answerBenchmark(datasets, ask) ??
        answerOwner(pathname) ??
        errorReply(404, 'Nothing is served at this path.')
      );
    },
  };
}

function answerBenchmark(datasets: readonly BenchmarkDataset[], ask: Ask): Reply | undefined {
  const { pathname, searchParams: parameters } = ask.url;
  const board = /^\/api\/datasets\/([^/]+\/[^/]+)\/leaderboard$/.exec(pathname)?.[1];
  const file = /^\/datasets\/([^/]+\/[^/]+)\/raw\/main\/eval\.yaml$/.exec(pathname)?.[1];
  if (file !== undefined) return answerEvalYaml(datasets, { ...ask, id: file });
  return board === undefined ? undefined : answerBoard(datasets, { ...ask, id: board, parameters });
}

function answerVocabulary(vocabulary: Vocabulary, asked: string | null): Reply {
  if (asked === null) return jsonReply(200, JSON.stringify(vocabulary));
  const type = TAG_TYPES.find((it) => it === asked);
  if (type === undefined) {
    return errorReply(400, `"${asked}" is no type of tag. These are: ${TAG_TYPES.join(', ')}.`);
  }
  return jsonReply(200, JSON.stringify({ [type]: vocabulary[type] }));
}
