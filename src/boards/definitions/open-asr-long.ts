import {
  asrModel,
  meanErrorRate,
  modelSize,
  openAsr,
  realTimeFactor,
  wordErrorRate,
} from './open-asr.ts';
import { tableBoard } from '../table-board.ts';

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
