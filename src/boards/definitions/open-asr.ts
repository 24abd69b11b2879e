import { licensed } from '../licence.ts';
import { column, model, score, tableBoard, type TableColumn } from '../table-board.ts';

/** Word error rate of one test set: percent, and the lower the better; -1 is "not measured". */
export const wordErrorRate = (header: string, name: string, aliases: string[] = []): TableColumn =>
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
export const meanErrorRate = (aliases: string[]): TableColumn => ({
  ...wordErrorRate('Average WER ⬇️', 'average_wer', aliases),
  required: true,
});

/** Seconds of sound transcribed in a second. */
export const realTimeFactor: TableColumn = score('RTFx ⬆️️', 'rtfx', {
  aliases: ['RTFx ⬆️', 'RTFx'],
  lowerIsBetter: false,
  missing: [-1],
  required: false,
});

export const asrModel = model('Model', { aliases: ['model', 'model_id'] });

export const modelSize = column('Model size (B)', 'params_billions', {
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
