export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** One line of the report. */
export function row(what: string, measured: string, budget = ''): void {
  process.stdout.write(`${what.padEnd(46)} ${measured.padEnd(44)} ${budget}\n`);
}
