#!/bin/sh
# Fills in the configuration and becomes nginx. Only NMEC_ names: nginx's own variables look alike.
set -eu
umask 077

# who resolves the portal's name: the container's own (Docker's, podman's, Kubernetes's), unless one is named
if [ -z "${NMEC_RESOLVER:-}" ]; then
    NMEC_RESOLVER=$(sed -n 's/^nameserver[[:space:]]*//p' /etc/resolv.conf | sed 's/.*:.*/[&]/' | tr '\n' ' ')
    export NMEC_RESOLVER
fi
names=$(env | sed -n 's/^\(NMEC_[A-Z_]*\)=.*/${\1}/p')
envsubst "$names" < "$NMEC_DEPLOY/nginx.conf.template" > "$NMEC_RUN/nginx.conf"

# who asked is kept for six months, as the law on network logs wants, and not for longer
while :; do
    find "$NMEC_ACCESS" -maxdepth 1 -name '*.jsonl' -mtime +190 -delete || true
    sleep 86400
done &

# nginx's own words as JSON too, without the client and the request that it adds to them
rm -f "$NMEC_RUN/errors"
mkfifo "$NMEC_RUN/errors"
sed -u -e 's/, client: .*//' -e 's/[\\"]/\\&/g' -e 's/[[:cntrl:]]/ /g' \
    -e 's/.*/{"logger":"nginx","level":"error","message":"&"}/' < "$NMEC_RUN/errors" >&2 &
exec nginx -c "$NMEC_RUN/nginx.conf" -e stderr -g 'daemon off;' 2> "$NMEC_RUN/errors"
