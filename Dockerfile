# The image of a release. `docker build -t purser .`, or `podman build --format docker -t purser .`
#
# Every base can be replaced, by a mirror or by an image of your own. The build image has an older C library than the
# run image, so that the same binary also runs on Debian 12 and Ubuntu 24.04; it needs Rust, a C compiler, make and Perl.
# The run image needs the C library, libgcc and the certificates of public authorities. It has no shell.
ARG BUILD_IMAGE=docker.io/library/rust:1.95-bookworm
ARG NODE_IMAGE=docker.io/library/node:22-bookworm-slim
ARG RUN_IMAGE=gcr.io/distroless/cc-debian13:nonroot

FROM ${NODE_IMAGE} AS node

# What the cached stages need to know, without what changes every day.
FROM ${BUILD_IMAGE} AS sources
WORKDIR /purser
COPY . .
RUN scripts/skeleton /skeleton \
    && mkdir -p /pins/scripts \
    && cp scripts/tools /pins/scripts/ \
    && grep -E '^(wasm-bindgen|rust-version) *=' Cargo.toml >/pins/Cargo.toml

# The pinned tools: compiled again only when their versions change. wasm-opt runs on Node.
FROM ${BUILD_IMAGE} AS tools
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ENV PURSER_TOOLS=/opt/purser-tools/bin
COPY --from=sources /pins /pins
RUN /pins/scripts/tools build

# The dependencies: compiled again only when a manifest or the lock file changes. The arguments are those that
# cargo-leptos gives to cargo, or the next stage would compile them a second time.
FROM tools AS dependencies
WORKDIR /purser
COPY --from=sources /skeleton .
RUN cargo build --locked --package=frontend --lib --target-dir=/purser/target/front \
        --target=wasm32-unknown-unknown --no-default-features --profile=wasm-release \
    && cargo build --locked --package=server --bin=purser --release

# Our own code, as `make build` does it. Cargo trusts times, and a checkout can be older than the empty files that
# the dependencies were compiled with: everything of ours is touched.
FROM dependencies AS build
COPY . .
RUN find app crates frontend migration server -type f -exec touch {} + \
    && PATH="$(scripts/tools --print-path build):$PATH" cargo-leptos build --release --precompress --split \
    && mkdir -p /out/app /out/volume/data \
    && cp -R target/release/purser target/release/hash.txt target/site /out/app/ \
    && chmod -R u=rwX,go=rX /out/app \
    && chmod 700 /out/volume/data

# The same files for a machine without containers: `docker build --target files --output purser .`
FROM scratch AS files
COPY --from=build /out/app /

FROM ${RUN_IMAGE}
ARG VERSION=unreleased
ARG REVISION=unknown
ARG SOURCE=
LABEL org.opencontainers.image.title="Purser" \
      org.opencontainers.image.description="One self-hosted panel for all the AI a person or a team uses" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
# Owned by root: the server cannot change its own files. The data belong to its user.
COPY --from=build /out/app /app
# The folder with its parent: a folder that COPY makes is open to all, whatever the one it copies from.
COPY --from=build --chown=65532:65532 /out/volume/ /
ENV PATH=/app:/usr/local/bin:/usr/bin:/bin \
    NO_COLOR=1 \
    PURSER_LISTEN=0.0.0.0:3000 \
    PURSER_DATA_DIR=/data
# The folder where purser.toml is looked for.
WORKDIR /app
# In numbers, because orchestrators that refuse root cannot look a name up.
USER 65532:65532
VOLUME /data
EXPOSE 3000
# Running calls may finish: the server drains for 30 s. Give it 40 (`docker stop -t 40`; compose.yaml says so already).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=3 CMD ["/app/purser", "healthcheck"]
ENTRYPOINT ["/app/purser"]
CMD ["serve"]
