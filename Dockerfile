# One image for every part of Sapa: `sapa serve`, `sapa work`, `sapa migrate`,
# and `carrier`, the stand-in for providers.

FROM node:22-bookworm-slim AS ui
WORKDIR /src/web/ui
COPY web/ui/package.json web/ui/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web/ui/ ./
RUN npm run build

FROM golang:1.26-bookworm AS programs
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=ui /src/web/ui/dist web/ui/dist
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/ ./cmd/sapa ./cmd/carrier

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --home-dir /var/lib/sapa --shell /usr/sbin/nologin sapa \
 # A volume takes over the owner of the folder it is first mounted on.
 && install -d -o sapa -g sapa -m 0700 /var/lib/sapa /var/lib/sapa-keys
COPY --from=programs /out/sapa /out/carrier /usr/local/bin/
COPY LICENSE NOTICE /usr/share/doc/sapa/
USER sapa
WORKDIR /var/lib/sapa
ENV SAPA_LISTEN=0.0.0.0:8080 \
    SAPA_BLOB_URL=file:///var/lib/sapa/blobs \
    SAPA_SPOOL_DIR=/var/lib/sapa/spool \
    SAPA_KEYSET=/var/lib/sapa-keys/keyset.json
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["sapa", "serve"]
