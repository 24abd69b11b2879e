/** What page the url of a sample capture names. */
export const pageOf = (url: string | null): number => Number(url?.split('=')[1]);

/** Sizes from a few bytes to 200 KB; each fourth page comes in parts. */
export const bodyLengthOf = (page: number): number => ((page * 7919) % 97) ** 2 * 20;
export const partsOf = (page: number): number => (page % 4 === 3 ? 3 : 1);
