import type { Frame } from 'playwright';
import { unreachable } from '../../boards/drift.ts';
import type { EtlError } from '../../errors.ts';
import * as rest from './inside/rest.ts';
import * as text from './inside/text.ts';
import * as unread from './inside/unread.ts';
import type { MissedScript, Traffic } from './traffic.ts';
import { pageCode } from './world.ts';

const PAGE = pageCode(text, rest, unread);

/** A page that does not change for so long shows nothing more. */
const QUIET_MS = 5_000;
/** One that asks who is there may go on by itself, but not to a board; one that was scrolled through draws at once. */
const SHORT_QUIET_MS = 2_000;

/** Says, when asked again and again, whether a page that shows no table will show none, and why. */
export function unreadWatch(frame: Frame, traffic: Traffic): () => Promise<EtlError | null> {
  let [sign, sinceMs, isAsked, isScrolled] = ['', performance.now(), false, false];
  const isNew = async (): Promise<boolean> => {
    const now = `${await PAGE.run(frame, unread.signOfPage, undefined)} ${traffic.asked()}`;
    if (now === sign) return false;
    [sign, sinceMs, isAsked] = [now, performance.now(), false];
    return true;
  };
  const isQuiet = (forMs: number): boolean => performance.now() - sinceMs >= forMs;
  return async () => {
    if ((await isNew()) || traffic.pending(frame).length > 0) return null;
    if (!isQuiet(isAsked ? QUIET_MS : SHORT_QUIET_MS)) return null;
    isAsked = true;
    const seen = await PAGE.run(frame, unread.lookUnread, undefined);
    const isRefused = traffic.refused(frame).length > 0;
    if (seen.challenge || seen.login || isScrolled) return unreadable(frame, traffic, { seen });
    if (!isQuiet(QUIET_MS) || (seen.busy !== '' && !isRefused)) return null;
    await PAGE.run(frame, unread.scrollThrough, undefined);
    [sign, isScrolled] = ['', true];
    return null;
  };
}

/** The refusal of a page that shows no table, by what it shows and `more` that is known of it. */
export async function refusalOf(
  frame: Frame,
  traffic: Traffic,
  more: readonly string[] = [],
): Promise<EtlError> {
  const seen = await PAGE.run(frame, unread.lookUnread, undefined);
  return unreadable(frame, traffic, { seen, more });
}

function unreadable(
  frame: Frame,
  traffic: Traffic,
  { seen, more = [] }: { seen: unread.Unread; more?: readonly string[] },
): EtlError {
  const busy = traffic.busy(frame);
  if (busy && !seen.challenge && !seen.login) return busy;
  const url = frame.url();
  const went = { refused: traffic.refused(frame), scripts: traffic.scriptsMissed(frame) };
  const reasons = [...reasonsOf(seen, went), ...more];
  return unreachable(`${url} shows no table that we can read: ${reasons.join('; ')}`, { url });
}

/** More would only repeat that nothing comes from there. */
const MOST_MISSED = 3;

/**
 * What a page is, the surest first. Scripts that did not come name the hosts that somebody has to let through;
 * whether the page needs them, nobody knows, so what it shows is said too. Pure.
 */
function reasonsOf(
  seen: unread.Unread,
  { refused, scripts }: { refused: readonly string[]; scripts: readonly MissedScript[] },
): string[] {
  const { challenge, login, consent, busy, drawing, frames, emptyTables, title, text: says } = seen;
  const all: [boolean, string][] = [
    [challenge, 'it asks to prove that a person is there'],
    [login, 'it asks for a login'],
    [refused.length > 0, refused.slice(0, MOST_MISSED).join(', ')],
    [emptyTables.length > 0, `its table has no rows: ${emptyTables[0]}`],
    [drawing !== '', `it draws its contents: ${drawing}`],
    [frames.length > 0, `it shows other pages in frames: ${frames.slice(0, 3).join(', ')}`],
    [consent !== '', `it asks for consent: ${consent}`],
    [busy !== '', `it says that it is at work: ${busy}`],
  ];
  const sure = all.filter(([is]) => is).map(([, reason]) => reason);
  const shows = sure.length > 0 ? [] : [`it shows: ${says || title || 'nothing'}`];
  return [...sure, ...withoutScripts(scripts), ...shows];
}

function withoutScripts(scripts: readonly MissedScript[]): string[] {
  const [first] = scripts;
  if (!first) return [];
  const hosts = [...Map.groupBy(scripts, ({ host }) => host)].slice(0, MOST_MISSED);
  const from = hosts.map(([host, its]) => `${its.length} from ${host}`).join(', ');
  return [`scripts that it asked for did not come: ${from} (${first.words})`];
}
