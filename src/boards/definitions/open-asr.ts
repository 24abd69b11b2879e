import { licensed } from '../licence.ts';
import { column, model, score, tableBoard, type TableColumn } from '../table-board.ts';

/** Word error rate of one test set: percent, and the lower the better; -1 is "not measured". */
const wordErrorRate = (header: string, name: string, aliases: string[] = []): TableColumn =>
  score(header, name, {
    aliases,
    unit: 'percent',
    lowerIsBetter: true,
    // Insertions count as errors, so a rate over 100 is possible.
    range: [0, 400],
    missing: [-1],
    required: false,
  });

/** The mean of them: the one column that no generation of the board went without. */
const meanErrorRate = (aliases: string[]): TableColumn => ({
  ...wordErrorRate('Average WER ⬇️', 'average_wer', aliases),
  required: true,
});

/** Seconds of sound transcribed in a second. */
const realTimeFactor: TableColumn = score('RTFx ⬆️️', 'rtfx', {
  aliases: ['RTFx ⬆️', 'RTFx'],
  lowerIsBetter: false,
  missing: [-1],
  required: false,
});

const asrModel = model('Model', { aliases: ['model', 'model_id'] });

const modelSize = column('Model size (B)', 'params_billions', {
  kind: 'number',
  missing: [-1],
  required: false,
});

/**
 * The Open ASR Leaderboard, short English recordings.
 *
 * @see https://github.com/huggingface/open_asr_leaderboard
 */
export const openAsr = tableBoard({
  id: 'open-asr',
  title: 'Open ASR Leaderboard, short form',
  url: 'https://huggingface.co/spaces/hf-audio/open_asr_leaderboard',
  renderer: 'gradio',
  licence: licensed('Apache-2.0', { of: 'the repository of its data' }),
  identity: ['model'],
  minimumRows: 60,
  columns: [
    asrModel,
    meanErrorRate(['Avg. WER', 'Average WER']),
    realTimeFactor,
    modelSize,
    column('License', 'license', { required: false }),
    wordErrorRate('AMI', 'ami_wer', ['AMI WER']),
    wordErrorRate('Earnings22', 'earnings22_wer', ['Earnings22 WER']),
    { ...wordErrorRate('LS Clean', 'librispeech_clean_wer', ['LS Clean WER']), required: true },
    wordErrorRate('LS Other', 'librispeech_other_wer', ['LS Other WER']),
    wordErrorRate('Gigaspeech', 'gigaspeech_wer', ['Gigaspeech WER']),
    wordErrorRate('SPGISpeech', 'spgispeech_wer', ['SPGISpeech WER']),
    wordErrorRate('Tedlium', 'tedlium_wer', ['Tedlium WER']),
    wordErrorRate('Voxpopuli', 'voxpopuli_wer', ['Voxpopuli WER']),
  ],
});

/** The Open ASR Leaderboard, long English recordings: another tab of the same page. */
export const openAsrLong = tableBoard({
  ...openAsr,
  id: 'open-asr-long',
  title: 'Open ASR Leaderboard, long form',
  identity: ['model'],
  minimumRows: 20,
  columns: [
    asrModel,
    meanErrorRate(['Average', 'Avg. WER', 'Average WER']),
    realTimeFactor,
    modelSize,
    { ...wordErrorRate('Earnings21', 'earnings21_wer', ['earnings21']), required: true },
    wordErrorRate('Earnings22', 'earnings22_wer', ['earnings22']),
    wordErrorRate('Tedlium', 'tedlium_wer', ['tedlium']),
    wordErrorRate('CORAAL', 'coraal_wer', ['coraal_avg']),
    wordErrorRate('Avg (without CORAAL)', 'average_without_coraal_wer'),
  ],
});

const SETS =
  'de_covost de_fleurs fr_covost fr_mls fr_fleurs it_covost it_mls it_fleurs es_covost es_mls es_fleurs pt_mls pt_fleurs';

/** The Open ASR Leaderboard, five other languages: another tab of the same page. */
export const openAsrMultilingual = tableBoard({
  ...openAsr,
  id: 'open-asr-multilingual',
  title: 'Open ASR Leaderboard, multilingual',
  identity: ['model'],
  minimumRows: 20,
  columns: [
    asrModel,
    meanErrorRate(['Avg', 'Avg. WER', 'Average WER', 'Average']),
    realTimeFactor,
    modelSize,
    ...SETS.split(' ').map((set) => ({
      ...wordErrorRate(set, `${set}_wer`),
      required: set === 'de_fleurs',
    })),
  ],
});
