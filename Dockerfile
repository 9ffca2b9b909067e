# Two images from one file: `web` (gunicorn, worker, migrate) and `proxy` (nginx with the collected static files).
# Both stand on Debian alone, with its own Python 3.11 and nginx: one source of fixes, and `make containers` needs no
# registry to build them.
FROM debian:bookworm-slim AS web

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        age python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-noto-cjk fonts-hanazono fonts-babelstone-han \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /srv/pictures

WORKDIR /srv/portal
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH
COPY requirements.txt ./
RUN python3 -m venv /opt/venv && pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# production's own settings make the static files and the error pages; these keys encrypt nothing
RUN export NMEC_ENV=production NMEC_DATA_DIR=/srv/data DATABASE_URL=postgresql://none/none \
        NMEC_BASE_URL=https://none.invalid NMEC_ALLOWED_HOSTS=none.invalid \
        NMEC_SECRET_KEY="$(head -c 48 /dev/urandom | base64 -w 0)" \
        NMEC_FIELD_KEYS="$(head -c 32 /dev/urandom | base64 -w 0)" \
        NMEC_INDEX_KEY="$(head -c 32 /dev/urandom | base64 -w 0)" \
        NMEC_SMTP=smtp://none.invalid NMEC_CONFIRM_MOBILE=0 \
    && python manage.py collectstatic --noinput -v0 \
    && python -m nmec_portal.error_pages /srv/pages \
    && python -m compileall -q candidates materials review nmec_portal
# glibc would give the memory of each picture back and take it again for the next (bytes; nmec_portal/local/serve.py)
ENV MALLOC_TRIM_THRESHOLD_=67108864 MALLOC_MMAP_THRESHOLD_=33554432
ENV NMEC_ENV=production NMEC_DATA_DIR=/srv/data NMEC_MEDIA_ROOT=/srv/pictures HOME=/tmp XDG_CACHE_HOME=/tmp
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "-c", "nmec_portal/deploy/gunicorn.conf.py", "nmec_portal.wsgi"]

FROM debian:bookworm-slim AS proxy
RUN apt-get update \
    && apt-get install -y --no-install-recommends nginx gettext-base wget \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 101 -g 101 -m 700 /srv/access
COPY --from=web /srv/data/static /srv/static
COPY --from=web /srv/pages /srv/pages
COPY nmec_portal/deploy /srv/deploy
ENV NMEC_HTTP=8080 NMEC_HTTPS=8443 NMEC_TLS=/srv/tls NMEC_UPSTREAM=web:8000 NMEC_LOGINS=logins:8000 NMEC_RESOLVER= \
    NMEC_HOSTS=_ NMEC_MAX_BODY=33554432 NMEC_STATIC=/srv/static NMEC_PAGES=/srv/pages NMEC_MEDIA=/srv/pictures \
    NMEC_RUN=/tmp NMEC_ACCESS=/srv/access NMEC_DEPLOY=/srv/deploy NMEC_HSTS="max-age=31536000; includeSubDomains; preload"
# nginx lets requests finish
STOPSIGNAL SIGQUIT
USER 101:101
EXPOSE 8080 8443
CMD ["/bin/sh", "/srv/deploy/proxy.sh"]
