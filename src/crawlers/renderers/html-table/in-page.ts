import type { Frame } from 'playwright';

/** Functions that `main` needs in the page, by name. */
type Tools = Record<string, (...given: never[]) => unknown>;

/**
 * Runs `main` in the document of a frame, with its tools and one argument. All of these functions
 * must be complete in themselves: only their texts go there. The answer comes back as one JSON text:
 * as objects, the cells of a large table take longer to cross over than to read.
 */
export async function runInPage<Given extends Tools, Argument, Result>(
  frame: Frame,
  main: (tools: Given, argument: Argument) => Result | Promise<Result>,
  given: { tools: Given; argument: Argument },
): Promise<Result> {
  const tools = Object.entries(given.tools).map(([name, tool]) => `${name}: ${String(tool)}`);
  const call = `(${String(main)})({ ${tools.join(', ')} }, ${JSON.stringify(given.argument)})`;
  const text: unknown = await frame.evaluate(`(async () => JSON.stringify(await ${call}))()`);
  // The page's own scripts cannot reach this: the text is what `main` returned, written just now.
  return JSON.parse(String(text)) as Result;
}
