#!/bin/sh
# In a container: restore a backup into a scratch database and a scratch folder, compare, and throw both away.
#   sh nmec_portal/deploy/drill.sh /work/backups/NAME
set -eu
umask 077
backup=$1
counted=$backup.counts
scratch=nmec_drill_$(date +%s)
place=$(dirname "$backup")/.drill-$scratch
here=nmec_portal/deploy
python=${PYTHON:-python}

if [ -n "${DATABASE_URL_FILE:-}" ]; then DATABASE_URL=$(cat "$DATABASE_URL_FILE"); export DATABASE_URL; unset DATABASE_URL_FILE; fi
[ -n "${DATABASE_URL:-}" ] || { echo "drill: DATABASE_URL is not set" >&2; exit 1; }

away() {
    status=$?
    trap - EXIT
    "$python" "$here/scratch.py" drop "$scratch" || status=1
    rm -rf "$place"
    exit "$status"
}
address=$("$python" "$here/scratch.py" create "$scratch")
trap away EXIT
trap 'exit 130' INT TERM
mkdir "$place"

# the scratch's own database and folder, whatever the portal's storage is
inside() { DATABASE_URL=$address NMEC_STORAGE=file NMEC_ACCEL='' NMEC_MEDIA_ROOT=$place/pictures "$@"; }

inside "$python" manage.py restore "$backup"
inside "$python" manage.py migrate --noinput -v0
inside "$python" manage.py verify_records
inside "$python" manage.py verify_storage
inside "$python" manage.py verify_documents
[ -f "$counted" ] || { echo "drill: $counted is not there: no counts to compare with" >&2; exit 1; }
inside "$python" "$here/counts.py" restored "$counted"
