import { RequestError, Server } from 'proxy-chain';

/**
 * Crawlee, once imported, serves a proxy on every interface of this machine, to anybody, for as long as
 * the process lives: what listens on loopback only could be reached through it. Browsers of ours have
 * their own (`crawlers/network-guard.ts`), so one that was given no rule lets nothing through.
 *
 * @see crawlee packages/browser-pool/src/proxy-server.ts@v3.18.1
 */
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
const { callPrepareRequestFunction } = Server.prototype;
Server.prototype.callPrepareRequestFunction = function (request, options) {
  if (this.prepareRequestFunction !== undefined) {
    return callPrepareRequestFunction.call(this, request, options);
  }
  return Promise.reject(new RequestError('This proxy is closed', 403));
};
