import { expectExact, test } from './tables-harness.ts';

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

for (const kind of ['static', 'nextjs'] as const) {
  test(`a page that forges what scripts see of it does not change what is read: ${kind}`, async ({
    visit,
  }) => {
    expectExact(await visit({ kind, script: FORGERY }));
  });
}
