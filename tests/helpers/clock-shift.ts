// Loaded before the program by `--import`: its clock is so many milliseconds ahead.
const shiftMs = Number(process.env['CLOCK_SHIFT_MS'] ?? 0);
const realNow = Date.now.bind(Date);
Date.now = () => realNow() + shiftMs;
globalThis.Date = new Proxy(Date, {
  construct: (RealDate, given: [], newTarget) =>
    Reflect.construct(RealDate, given.length === 0 ? [Date.now()] : given, newTarget) as object,
});
