import type { Configuration } from '@crawlee/http';
import type { HubClient } from '../api/client.ts';
import type { RepoKind } from '../api/repos.ts';
import type { Config } from '../config.ts';
import type { MissedWriter } from '../crawlers/missed.ts';
import type { Logger } from '../log.ts';
import type { HubFacts, RunState } from './state.ts';

export interface SourceProgress {
  pages?: number;
  records?: number;
  note?: string;
  /** Nothing more will be said of it. */
  ended?: boolean;
}

/** Hears at once of what the report of the run says too. */
export interface ReportListener {
  onWarning: (facts: object, sentence: string) => void;
  onFailure: (failure: SourceFailure, sentence: string) => void;
}

/** What the crawl stage needs of the world. */
export interface CrawlDependencies extends ReportListener {
  client: HubClient;
  log: Logger;
  version: string;
  env: Readonly<Record<string, string | undefined>>;
  now: () => Date;
  onProgress: (source: string, facts: SourceProgress) => void;
  /** Aborted: take no new work. */
  signal: AbortSignal;
  /** Aborted: drop what is in flight too. */
  kill: AbortSignal;
}

/** A source that failed; the others went on. */
export interface SourceFailure {
  source: string;
  error: unknown;
}

/** What a list counts before its first request. */
export const PENDING: Readonly<HubFacts> = {
  status: 'pending',
  requests: 0,
  pages: 0,
  listed: 0,
  resumedFrom: null,
  seconds: 0,
};

/** One crawl stage: what its steps share. */
export interface Crawl {
  dependencies: CrawlDependencies;
  config: Config;
  state: RunState;
  configuration: Configuration;
  /** The fields that the Hub has and that we ask for, of each list that was probed. */
  expands: Partial<Record<RepoKind, readonly string[]>>;
  missed: MissedWriter;
}
