/**
 * What a program may import of `huggingface-etl`, and all of it: reading a release, the tables with their
 * types, and the crawl of one board. README has an example, which a test runs.
 */
export { EtlError, type ErrorCode } from '../errors.ts';
export type { Manifest } from '../export/manifest.ts';
export type { RunReport } from '../pipeline/report.ts';
export { crawlBoard, type BoardCrawl, type BoardCrawlOptions } from './crawl-board.ts';
export { openRelease, tables, type Release, type Row, type TableName } from './release.ts';
