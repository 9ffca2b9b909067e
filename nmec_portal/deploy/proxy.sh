#!/bin/sh
# Fills in the configuration and becomes nginx. Only NMEC_ names: nginx's own variables look alike.
set -eu
names=$(env | sed -n 's/^\(NMEC_[A-Z_]*\)=.*/${\1}/p')
envsubst "$names" < "$NMEC_DEPLOY/nginx.conf.template" > "$NMEC_RUN/nginx.conf"
exec nginx -c "$NMEC_RUN/nginx.conf" -e stderr -g 'daemon off;'
