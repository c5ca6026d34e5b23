# One image, several commands: web, worker, crawl, relay, beat, migrate are all `chengnuo …` (docker-compose.yml).
# BASE needs Python 3.11 or newer with venv. Pin it: --build-arg BASE=python:3.12-slim-bookworm@sha256:…
# (docs/operating.md says how to find the digest). TRACES=1 adds what CHENGNUO_OTEL_ENDPOINT needs. An own package index: --secret id=pip_conf,src=pip.conf
ARG BASE=docker.io/library/python:3.12-slim-bookworm

FROM ${BASE} AS parts
ARG TRACES=
WORKDIR /src
COPY requirements.txt requirements-otel.txt ./
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    python3 -m venv /opt/chengnuo \
    && /opt/chengnuo/bin/pip install --no-cache-dir --require-hashes -r requirements.txt \
    && if [ -n "${TRACES}" ]; then /opt/chengnuo/bin/pip install --no-cache-dir --require-hashes -r requirements-otel.txt; fi
COPY . .
RUN /opt/chengnuo/bin/pip install --no-cache-dir --no-deps --no-build-isolation --no-index .

FROM parts AS build
RUN /opt/chengnuo/bin/pip uninstall --yes hatchling editables pip \
    && find /opt/chengnuo -name __pycache__ -type d -prune -exec rm -rf {} +

FROM parts AS build-browser
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    /opt/chengnuo/bin/pip install --no-cache-dir --require-hashes -r requirements-browser.txt \
    && /opt/chengnuo/bin/pip uninstall --yes hatchling editables pip \
    && find /opt/chengnuo -name __pycache__ -type d -prune -exec rm -rf {} +

FROM ${BASE} AS runtime
LABEL org.opencontainers.image.title="chengnuo" \
      org.opencontainers.image.description="What China's provincial emergency-management departments commit to, year against year" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN if command -v cc gcc g++ clang; then echo "BASE carries a compiler; use a slim one" >&2; exit 1; fi \
    && groupadd --gid 10001 chengnuo \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin chengnuo \
    && install -d -o 10001 -g 10001 -m 0750 /data
COPY --from=build /opt/chengnuo /opt/chengnuo
ENV PATH=/opt/chengnuo/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CHENGNUO_DATA=/data \
    CHENGNUO_LOG=json
RUN chengnuo --version
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8765
HEALTHCHECK --interval=30s --timeout=15s --start-period=30s --retries=3 CMD ["chengnuo", "health", "web"]
ENTRYPOINT ["chengnuo"]
CMD ["review"]

# The fetcher for pages that need scripts (--target browser, profile "browser"): the same with Debian's chromium.
FROM runtime AS browser
USER 0
# The base is pinned by digest and with it the Debian release; its security updates are wanted.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends chromium fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build-browser /opt/chengnuo /opt/chengnuo
USER 10001:10001

# The last stage is what a plain build gives.
FROM runtime
