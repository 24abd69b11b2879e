import { readTags } from './store.ts';
import type { Store } from './store.ts';

/** One tag as `/api/models-tags-by-type` tells it. */
export interface VocabularyTag {
  id: string;
  label: string;
  type: string;
  subType?: string;
  clickable?: boolean;
}

export const TAG_TYPES = [
  'pipeline_tag',
  'library',
  'dataset',
  'bucket',
  'language',
  'license',
  'arxiv',
  'doi',
  'region',
  'deploy',
  'other',
] as const;

type TagType = (typeof TAG_TYPES)[number];
export type Vocabulary = Record<TagType, VocabularyTag[]>;

const MODALITIES: Readonly<Record<string, readonly string[]>> = {
  nlp: [
    'text-classification',
    'token-classification',
    'table-question-answering',
    'question-answering',
    'zero-shot-classification',
    'translation',
    'summarization',
    'feature-extraction',
    'text-generation',
    'text2text-generation',
    'conversational',
    'fill-mask',
    'sentence-similarity',
    'text-ranking',
  ],
  cv: [
    'depth-estimation',
    'image-classification',
    'object-detection',
    'image-segmentation',
    'text-to-image',
    'image-to-text',
    'image-to-image',
    'image-to-video',
    'unconditional-image-generation',
    'video-classification',
    'text-to-video',
    'zero-shot-image-classification',
    'mask-generation',
    'zero-shot-object-detection',
    'text-to-3d',
    'image-to-3d',
    'image-feature-extraction',
    'keypoint-detection',
  ],
  audio: [
    'text-to-speech',
    'text-to-audio',
    'automatic-speech-recognition',
    'audio-to-audio',
    'audio-classification',
    'voice-activity-detection',
  ],
  multimodal: [
    'image-text-to-text',
    'visual-question-answering',
    'document-question-answering',
    'visual-document-retrieval',
    'video-text-to-text',
    'audio-text-to-text',
    'any-to-any',
  ],
  tabular: ['tabular-classification', 'tabular-regression', 'time-series-forecasting'],
  rl: ['reinforcement-learning', 'robotics'],
  other: ['graph-ml', 'other'],
};

const LIBRARIES = new Set(
  (
    'transformers pytorch tf jax rust onnx safetensors gguf diffusers sentence-transformers keras ' +
    'tf-keras coreml openvino peft timm adapter-transformers fastai spacy flair stanza speechbrain ' +
    'espnet nemo pyannote-audio asteroid allennlp fairseq sklearn joblib stable-baselines3 ml-agents ' +
    'sample-factory setfit span-marker open_clip transformers.js mlx tensorboard fasttext paddlenlp ' +
    'bertopic generic tflite tfhub unity-sentis llamafile'
  ).split(' '),
);

const PREFIXES: readonly TagType[] = ['dataset', 'license', 'arxiv', 'doi', 'region', 'deploy'];

const languageNames = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** The tag vocabulary of the records, in the shape of the Hub; each tag once, in order of its id. */
export function buildVocabulary(store: Store): Vocabulary {
  const ids = new Set(store.entries.flatMap(readTags));
  // One empty list for each type; `Object.fromEntries` forgets the names of the keys.
  const vocabulary = Object.fromEntries(
    TAG_TYPES.map((type) => [type, []]),
  ) as unknown as Vocabulary;
  for (const [subType, tasks] of Object.entries(MODALITIES)) {
    for (const id of tasks) {
      vocabulary.pipeline_tag.push({ id, label: labelOf(id), type: 'pipeline_tag', subType });
      ids.delete(id);
    }
  }
  for (const id of [...ids].sort()) {
    const tag = describeTag(id);
    if (tag !== undefined) vocabulary[tag.type].push(tag);
  }
  return vocabulary;
}

function describeTag(id: string): (VocabularyTag & { type: TagType }) | undefined {
  const prefix = PREFIXES.find((it) => id.startsWith(`${it}:`));
  if (prefix !== undefined) return { id, label: id.slice(prefix.length + 1), type: prefix };
  if (id.startsWith('base_model:')) return undefined; // lineage, no vocabulary
  if (LIBRARIES.has(id)) return { id, label: labelOf(id), type: 'library' };
  const language = /^[a-z]{2,3}(-([A-Za-z]{2}|[A-Za-z]{4}))?$/.test(id)
    ? languageNames.of(id)
    : undefined;
  if (language !== undefined) return { id, label: language, type: 'language' };
  return { id, label: id, type: 'other', clickable: false };
}

const labelOf = (id: string): string =>
  id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');

/** Types of the tags of data sets. All but the last are what stands before the colon of a tag. */
const DATASET_TAG_TYPES = [
  'benchmark',
  'task_categories',
  'size_categories',
  'modality',
  'format',
  'library',
  'language',
  'license',
  'arxiv',
  'doi',
  'region',
  'task_ids',
  'annotations_creators',
  'language_creators',
  'multilinguality',
  'source_datasets',
  'other',
] as const;

/** The same of data sets, as `/api/datasets-tags-by-type` tells it: there a language has its type before it. */
export function buildDatasetVocabulary(store: Store): Record<string, VocabularyTag[]> {
  const tags = [...new Set(store.entries.flatMap(readTags))].sort().map((id): VocabularyTag => {
    const type = DATASET_TAG_TYPES.find((it) => id.startsWith(`${it}:`)) ?? 'other';
    return type === 'other'
      ? { id, label: id, type, clickable: false }
      : { id, label: labelOf(id.slice(type.length + 1)), type };
  });
  return Object.fromEntries(
    DATASET_TAG_TYPES.map((type) => [type, tags.filter((it) => it.type === type)]),
  );
}
