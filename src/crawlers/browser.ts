import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { chromium } from 'playwright';
import { EtlError } from '../errors.ts';

/** Variables of the process; passed in, so that what decides is seen by the caller. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a browser needs of the environment; what else stands there may be a token. */
const FOR_BROWSERS =
  /^(?:PATH|HOME|TMPDIR|TEMP|TMP|TZ|LANG|LANGUAGE|LC_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|FONTCONFIG_\w+|LD_LIBRARY_PATH)$/i;

/** The environment that a browser is started with. */
export const browserEnv = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]): [string, string][] =>
      value !== undefined && FOR_BROWSERS.test(name) ? [[name, value]] : [],
    ),
  );

interface FoundBrowser {
  executablePath: string;
  /** `env`: CRAWLEE_DEFAULT_BROWSER_PATH; `playwright`: its own; `system`: an installed one. */
  kind: 'playwright' | 'system' | 'env';
}

export interface FindBrowserOptions {
  env: Environment;
  /** Where Playwright keeps its own Chromium. @default what Playwright says */
  playwrightPath?: string;
  /** User id; 0 is root. @default that of the process */
  uid?: number;
  /** Usual places of a browser that is not on PATH. @default those of the platform */
  usualPlaces?: readonly string[];
  /** It must be able to open windows. @default false */
  headed?: boolean;
}

/** Runs a command; true when it ended well, and in time. */
export type RunCommand = (
  command: string,
  args: readonly string[],
  env: Environment,
) => Promise<boolean>;

interface EnsureBrowserOptions extends FindBrowserOptions {
  /** Gets one sentence for each thing that is tried. */
  log: (message: string) => void;
  /** @default starts the command, its output goes to stderr */
  run?: RunCommand;
  /** Text of the file that names the distribution. @default that of /etc/os-release */
  osRelease?: string;
}

/** Of each command that installs a browser. */
const COMMAND_MS = 300_000;

/** Starts in half the time; what Playwright takes by itself where nobody looks on. */
const HEADLESS = 'chromium-headless-shell';
const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
];

const MAC_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const LINUX_PLACES = [
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/usr/lib/chromium/chromium',
];

/**
 * The browser to use: the one that CRAWLEE_DEFAULT_BROWSER_PATH names, else Playwright's own, else a
 * Chromium or Chrome of the system. Nothing is started or installed.
 *
 * @throws {EtlError} BROWSER_MISSING when there is none, or the variable names no program.
 */
export async function findBrowser(options: FindBrowserOptions): Promise<FoundBrowser> {
  const given = options.env['CRAWLEE_DEFAULT_BROWSER_PATH'];
  if (given !== undefined && given !== '') {
    if (await isProgram(given)) return { executablePath: given, kind: 'env' };
    const message = `CRAWLEE_DEFAULT_BROWSER_PATH is ${given}, which is no program`;
    throw new EtlError('BROWSER_MISSING', message);
  }
  const own = options.playwrightPath ?? chromium.executablePath();
  if (await isProgram(own)) return { executablePath: own, kind: 'playwright' };
  for (const executablePath of candidates(options)) {
    if (await isProgram(executablePath)) return { executablePath, kind: 'system' };
  }
  throw new EtlError('BROWSER_MISSING', 'There is no Chromium or Chrome on this machine');
}

/**
 * As {@link findBrowser}; when there is none, installs Playwright's Chromium, and when that fails,
 * as root on Debian or Ubuntu, the distribution's.
 *
 * @throws {EtlError} BROWSER_MISSING when there is none and none could be installed.
 */
export async function ensureBrowser(options: EnsureBrowserOptions): Promise<FoundBrowser> {
  const { env, log, run = runCommand } = options;
  try {
    return await findBrowser(options);
  } catch (error) {
    if (env['CRAWLEE_DEFAULT_BROWSER_PATH']) throw error;
  }
  log('There is no Chromium or Chrome here: installing one for Playwright.');
  const playwrightCli = join(
    dirname(createRequire(import.meta.url).resolve('playwright')),
    'cli.js',
  );
  await run(process.execPath, [playwrightCli, 'install', 'chromium'], env);
  const own = await findBrowser(options).catch(() => null); // decided below, after the next try
  if (own) return own;
  if (await mayUseApt(options)) {
    log('Playwright could not install one: installing the chromium package of the distribution.');
    const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
    const packages = ['install', '-y', 'chromium'];
    // A fresh image knows no packages before its first update.
    const installed = await run('apt-get', packages, quiet);
    if (!installed && (await run('apt-get', ['update'], quiet)))
      await run('apt-get', packages, quiet);
  }
  return findBrowser(options);
}

export interface Sandbox {
  on: boolean;
  /** Why, as a sentence for `doctor` and the log. */
  reason: string;
}

/** Whether Chromium may use its sandbox, which it cannot as root. */
export function chromiumSandbox(options: Pick<FindBrowserOptions, 'env' | 'uid'>): Sandbox {
  if (options.env['CRAWLEE_DISABLE_BROWSER_SANDBOX'] === '1') {
    const reason = "Chromium's sandbox is off: CRAWLEE_DISABLE_BROWSER_SANDBOX is set.";
    return { on: false, reason };
  }
  return userOf(options) === 0
    ? { on: false, reason: "Chromium's sandbox is off: it does not work as root." }
    : { on: true, reason: "Chromium's sandbox is on." };
}

const userOf = ({ uid = process.getuid?.() }: Pick<FindBrowserOptions, 'uid'>) => uid;

function candidates({
  env,
  usualPlaces = process.platform === 'darwin' ? MAC_PLACES : LINUX_PLACES,
  headed = false,
}: FindBrowserOptions): string[] {
  const commands = headed ? COMMANDS : [HEADLESS, ...COMMANDS];
  const folders = (env['PATH'] ?? '').split(delimiter).filter((it) => it !== '');
  const onPath = commands.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...usualPlaces];
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false; // not there, or not ours to start: the next one may do
  }
}

async function mayUseApt(options: EnsureBrowserOptions): Promise<boolean> {
  const text = options.osRelease ?? (await readFile('/etc/os-release', 'utf8').catch(() => ''));
  return userOf(options) === 0 && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(text);
}

const runCommand: RunCommand = (command, args, env) =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      timeout: COMMAND_MS,
      killSignal: 'SIGKILL',
      env: { ...env },
      // stdout is for our own results.
      stdio: ['ignore', process.stderr, process.stderr],
    });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
