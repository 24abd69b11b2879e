declare module 'proxy-from-env' {
  /** @returns '' for none */
  export function getProxyForUrl(url: string): string;
}
