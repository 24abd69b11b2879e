import { SECRET_SETTINGS, variablesOf } from '../../config.ts';
import type { Io } from '../io.ts';
import { withSession, type Flags } from '../session.ts';
import { table } from '../table.ts';

/** `config show`: each setting, its value, and where that is from; of secrets only whether they are set. */
export const configCommand = (io: Io, flags: Flags): Promise<number> =>
  withSession(io, flags, ({ config, origins, answer }) => {
    const settings = Object.entries(origins).map(([setting, origin]) => {
      const isSecret = setting === 'token' || SECRET_SETTINGS.has(setting);
      const value = config[setting as keyof typeof config]; // as `origins` has their names
      const shown = isSecret && value !== undefined ? '(set, not shown)' : (value ?? null);
      const variable = setting === 'token' ? 'HF_TOKEN' : variablesOf(setting).join(', ');
      return { setting, value: shown, origin, variable };
    });
    const rows = settings.map(({ value, ...it }) => ({
      ...{ setting: it.setting, value: String(value ?? '') },
      ...{ 'is from': it.origin, variable: it.variable },
    }));
    answer({ settings }, table(rows));
    return 0;
  });
