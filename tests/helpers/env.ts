/** Amazon's client reads the environment of the process. */
export async function withEnv<Result>(
  values: Record<string, string>,
  work: () => Promise<Result>,
): Promise<Result> {
  const { env } = process;
  const before = { ...env };
  Object.assign(env, values);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(values)) delete env[name];
    Object.assign(env, before);
  }
}
