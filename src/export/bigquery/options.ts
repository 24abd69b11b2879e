import type { BigQuery } from '@google-cloud/bigquery';
import type { CheckOptions, CheckResult } from '../checks/check.ts';
import type { Manifest } from '../manifest.ts';

/** Time, passed in so that back-off and deadlines can be tested without waiting. */
export interface Clock {
  nowMs: () => number;
  /** Ends early when the signal fires. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The part of a pino logger that is used here. */
export interface BigqueryLog {
  info: (facts: object, message: string) => void;
  warn: (facts: object, message: string) => void;
}

export interface BigqueryDependencies {
  /** @default `createBigqueryClient(options)` */
  client?: BigQuery;
  /** @default the system's */
  clock?: Clock;
  /** @default silent */
  log?: BigqueryLog;
  /** What goes in one upload. @default 64 MiB */
  partBytes?: number;
}

export interface BigqueryInput {
  manifest: Manifest;
  /** Folder of the finished export that the manifest speaks of. */
  exportDir: string;
}

/** Where a warehouse is and how to reach it. */
export interface BigqueryPlace {
  project: string;
  /** Staging is `staging_<dataset>`, backups are in `<dataset>_backups`. @default 'huggingface' */
  dataset?: string;
  /** Of all three datasets and every job. @default 'US' */
  location?: string;
  /**
   * Address of the API. With `http:` (an emulator) no credentials are looked for, and none are sent.
   *
   * @default Google's
   */
  endpoint?: string;
  signal?: AbortSignal;
}

export interface BigqueryOptions extends BigqueryPlace {
  /**
   * `gs://bucket/prefix`: tables go there first and are loaded from there. Nothing of them stays.
   *
   * @default none: tables are uploaded to BigQuery itself
   */
  bucket?: string;
  /**
   * Address of Cloud Storage. With `http:` (an emulator) no credentials are sent.
   *
   * @default Google's; that of BigQuery, when it is `http:`
   */
  storageEndpoint?: string;
  /** What the checks ask for. @default as in `CheckOptions` */
  checks?: CheckOptions;
  /** Told what the checks said, before a refusal ends the load. */
  onChecks?: (results: readonly CheckResult[]) => void;
  /** Only tell what would happen. @default false */
  dryRun?: boolean;
}
