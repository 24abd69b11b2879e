import {
  asrModel,
  meanErrorRate,
  modelSize,
  openAsr,
  realTimeFactor,
  wordErrorRate,
} from './open-asr.ts';
import { tableBoard } from '../table-board.ts';

const SETS = [
  'de_covost',
  'de_fleurs',
  'fr_covost',
  'fr_mls',
  'fr_fleurs',
  'it_covost',
  'it_mls',
  'it_fleurs',
  'es_covost',
  'es_mls',
  'es_fleurs',
  'pt_mls',
  'pt_fleurs',
];

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
    ...SETS.map((set) => ({
      ...wordErrorRate(set, `${set}_wer`),
      required: set === 'de_fleurs',
    })),
  ],
});
