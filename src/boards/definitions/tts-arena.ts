import { column, model, percent, score, tableBoard } from '../table-board.ts';

/**
 * Voices compared by listeners. The page is whole without scripts; it has a table of voters too.
 *
 * @see https://huggingface.co/spaces/TTS-AGI/TTS-Arena-V2
 */
export const ttsArena = tableBoard({
  id: 'tts-arena',
  title: 'TTS Arena V2',
  url: 'https://tts-agi-tts-arena-v2.hf.space/leaderboard',
  renderer: 'html',
  identity: ['model'],
  minimumRows: 10,
  columns: [
    column('Rank', 'rank', { kind: 'number' }),
    model('Model', { aliases: ['Model Name'] }),
    percent('Win Rate', 'win_rate', { kind: 'percent' }),
    column('Total Votes', 'votes', { kind: 'number', aliases: ['Votes'] }),
    score('ELO', 'elo', { unit: 'elo', range: [0, 4000], aliases: ['Elo', 'ELO Rating', 'Score'] }),
  ],
});
