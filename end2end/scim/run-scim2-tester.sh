#!/usr/bin/env bash
# Checks a SCIM server with scim2-tester, the conformance client of the python-scim project.
#
#   SCIM_TOKEN=… end2end/scim/run-scim2-tester.sh http://localhost:3000/scim/v2
#
# The first run makes a Python environment (about 15 s); SCIM_VERBOSE=1 prints passed checks as well.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
url=${1:?usage: SCIM_TOKEN=… run-scim2-tester.sh URL}
: "${SCIM_TOKEN:?set SCIM_TOKEN to the secret of a connector}"

python=${PYTHON:-python3}
if ! "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
  echo "scim2-tester needs Python 3.10 or newer with venv: apt-get install python3 python3-venv" >&2
  exit 1
fi
version=$(sha256sum "$here/requirements.txt" | cut -c1-12)
venv=${LANYARD_CACHE:-$HOME/.cache/lanyard}/scim2-tester-$version
if [ ! -e "$venv/ready" ]; then
  echo "Installing scim2-tester into $venv (about 15 s) ..."
  rm -rf "$venv"
  "$python" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$here/requirements.txt"
  touch "$venv/ready"
fi
exec "$venv/bin/python" "$here/check.py" "$url"
