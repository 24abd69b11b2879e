import { expect, test } from '@playwright/test';
import { isSamePlace } from '../../../src/crawlers/origin.ts';

test('a board is where it says: its own origin, https for http, with or without www.', () => {
  const same = [
    ['https://board.example/a', 'https://board.example/b?c#d'],
    ['http://board.example/', 'https://board.example/'],
    ['https://board.example/', 'https://www.board.example/'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/x'],
  ] as const;
  const other = [
    ['https://board.example/', 'http://board.example/'],
    ['https://board.example/', 'https://board.example.evil/'],
    ['https://board.example/', 'https://evil-board.example/'],
    ['https://board.example/', 'https://board.example:8443/'],
    ['https://board.example/', 'about:blank'],
    ['https://board.example/', 'data:text/html,x'],
    ['https://board.example/', ''],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8081/'],
  ] as const;
  for (const [asked, found] of same) expect(isSamePlace(asked, found), found).toBe(true);
  for (const [asked, found] of other) expect(isSamePlace(asked, found), found).toBe(false);
});
