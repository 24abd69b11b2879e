import { z } from 'zod';
import { bool, int, num, oneOf, recs, req, str, strs, ts } from '../fields.ts';
import { cardData } from './card.ts';
import { config } from './config.ts';
import * as hub from './hub.ts';
import { modelIndex } from './model-index.ts';
import { gguf, safetensors } from './weights.ts';
import { widget } from './widget.ts';

export const row = z.strictObject({
  id: req('Name of the repository, `author/model`; changes when it is renamed.'),
  _id: req('Id that survives renames; what other tables join on.'),
  modelId: str('The same as id, where the Hub sends it.'),
  author: str('User or organisation that owns the repository.'),
  sha: str('Latest commit.'),
  lastModified: ts('Time of the latest commit.'),
  private: bool('Whether the repository is private; false in a public crawl.'),
  disabled: bool('Whether the Hub took the files away.'),
  gated: bool(
    'Whether access must be asked for. How it is granted: gated_mode; one that we do not know is in extra.',
  ),
  pipeline_tag: str('Task that the Hub shows the model under. Null for about half of the models.'),
  tags: hub.tags,
  downloads: int(
    'Downloads of the 30 days before, as the Hub counts them: requests for one chosen file of the repository (config.json for most libraries), so fetches by people, servers and tests alike, neither users nor installations; caches and mirrors hide some.',
  ),
  library_name: str('Library that loads the model.'),
  mask_token: str('Token that stands for a masked word. Single-model captures only.'),
  widgetData: widget('Examples to try, as the Hub shows them.'),
  likes: int('Likes.'),
  model_index: modelIndex,
  config,
  cardData,
  transformersInfo: hub.transformersInfo,
  spaces: strs('Spaces that use the model, at most 100. Single-model captures only.'),
  safetensors,
  gguf,
  siblings: hub.siblings,
  usedStorage: int('Bytes of the repository with its history. Single-model captures only.'),
  inference: str('`warm` when a provider serves the model. Single-model captures only.'),
  createdAt: ts('When the repository was made; 2022-03-02T23:29:04Z for all that are older.'),
  gated_mode: oneOf(['auto', 'manual'], 'How access is granted. Null when not gated or unknown.'),
  downloadsAllTime: int(
    'Downloads since the Hub began to count, in the same way. May fall between runs: the Hub corrects it, and a repository that is deleted takes its figure along.',
  ),
  trendingScore: num('Score that the Hub sorts its front page by.'),
  xetEnabled: bool('Whether files are in Xet storage.'),
  baseModels: hub.baseModels,
  evalResults: hub.evalResults,
  inferenceProviderMapping: hub.inferenceProviderMapping,
  extra: recs(
    { path: str('Where it stood in the record.'), json: str('Its JSON, as sent.') },
    'All that has no column and no nearer params: nothing of a record is lost.',
  ),
});

/** The clean record, from which every other table of models is made. */
export type RawModel = z.output<typeof row>;
