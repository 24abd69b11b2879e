import { chromium, expect, test, type Browser } from '@playwright/test';
import { findBrowser } from '../../src/crawlers/browser.ts';
import { bothSides, visitTables, withScript } from './tables-harness.ts';

/** A page that lies to whoever reads it with its own JavaScript. */
const FORGERY = `
  const asEver = JSON.stringify;
  JSON.stringify = (value, ...rest) =>
    asEver(value, ...rest)?.replaceAll(/\\b\\d+\\.\\d+\\b/g, '99.9').replaceAll('org-', 'forged-');
  Array.prototype.map = function () { return []; };
  const some = Document.prototype.querySelectorAll;
  Document.prototype.querySelectorAll = function (what) {
    return [...some.call(this, what)].slice(0, 1);
  };
  Object.defineProperty(Node.prototype, 'textContent', { get: () => 'forged', set() {} });
  Element.prototype.checkVisibility = () => false;
`;

test.describe('a page that forges what scripts see of it does not change what is read:', () => {
  let browser: Browser;

  test.beforeAll(async () => {
    const { executablePath } = await findBrowser({ env: process.env });
    browser = await chromium.launch({ executablePath });
  });
  test.afterAll(() => browser.close());

  for (const kind of ['static', 'nextjs'] as const) {
    test(kind, async () => {
      const visit = await visitTables(withScript(browser, FORGERY), { kind });

      const { expected, found } = bothSides(visit);
      expect(found).toEqual(expected);
    });
  }
});
