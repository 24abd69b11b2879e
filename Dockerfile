# syntax=docker/dockerfile:1
# Two stages: build with everything, run with the compiled program and the distribution's Chromium.
# The base by its exact tag, which updates of Node.js move on purpose; the digest that a published image was built
# from stands in its provenance (.github/workflows/release.yml).
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
# Trust what the system trusts, so that the build works behind a proxy with a certificate of its own.
ENV NODE_USE_SYSTEM_CA=1
COPY package.json package-lock.json .npmrc ./
COPY tools ./tools
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24.21.0-bookworm-slim
# Fonts: pages measure their text.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates chromium-headless-shell fonts-liberation tini \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/bin ./bin
COPY --from=build /build/dist ./dist
COPY --from=build /build/deploy ./deploy
COPY --from=build /build/package.json /build/LICENSE ./
RUN useradd --create-home --uid 10001 etl && install -d -o etl -g etl /app/storage
# By number: Kubernetes' `runAsNonRoot` reads no names.
USER 10001
# The root may be read-only: everything that is written, the browser's profile too, is in the volume.
# MALLOC_ARENA_MAX, and the flag of ENTRYPOINT: 100 MB less, for no time that could be measured.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=2 \
    NODE_USE_SYSTEM_CA=1 \
    CRAWLEE_DEFAULT_BROWSER_PATH=/usr/bin/chromium-headless-shell \
    CRAWLEE_STORAGE_DIR=/app/storage \
    HOME=/app/storage/.home \
    TMPDIR=/app/storage/.tmp
VOLUME /app/storage
STOPSIGNAL SIGTERM
# Of `serve` on its own port; another command has nothing to ask.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ! tr '\0' '\n' </proc/1/cmdline | grep -qx serve || node -e "fetch('http://127.0.0.1:8080/healthz', { signal: AbortSignal.timeout(3000) }).then((it) => process.exit(it.ok ? 0 : 1), () => process.exit(1))"
ENTRYPOINT ["/usr/bin/tini", "--", "node", "--max-semi-space-size=8", "/app/bin/huggingface-etl.js"]
CMD ["run"]
