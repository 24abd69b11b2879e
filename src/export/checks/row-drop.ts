import { EtlError } from '../../errors.ts';

/**
 * Refuses a release whose models are far fewer than those of the release before: a sample (`--limit`,
 * `--author`), or a Hub that answered with half of itself, must not replace the whole.
 *
 * @throws {EtlError} CHECK_REFUSED with both counts
 */
export function checkRowDrop(
  rows: { now: number; before: number },
  { minRatio }: { minRatio: number },
): void {
  const { now, before } = rows;
  if (before === 0 || now >= before * minRatio) return;
  const share = `${((100 * now) / before).toFixed(1)} %`;
  throw new EtlError(
    'CHECK_REFUSED',
    `raw_model has ${now} rows, ${share} of the ${before} of the release before; at least ${100 * minRatio} % are asked for (--min-rows)`,
    { context: { check: 'row-drop', now, before } },
  );
}
