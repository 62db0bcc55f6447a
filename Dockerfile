# The one file that `deno task compile` makes, on a small Debian, as an ordinary user who can write nothing but /data.
#   deno task compile && docker build -t chautari . && docker run -p 8080:8080 -v chautari:/data chautari
# Debian and not an image without a shell: PostgreSQL's initdb needs one.
FROM debian:trixie-slim

# A fixed number, so that a volume belongs to the same user in the next image.
RUN groupadd --gid 10001 chautari \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin chautari \
 && install --directory --owner=chautari --group=chautari --mode=0700 /data

COPY --chmod=0755 dist/chautari /usr/local/bin/chautari

ENV HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/data
VOLUME /data
EXPOSE 8080
USER 10001:10001

HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 CMD ["chautari", "health", "--ready"]
ENTRYPOINT ["chautari"]
CMD ["serve"]
