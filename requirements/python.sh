#!/bin/sh
# Runs one of this folder's scripts with the first Python found that can make a virtual environment:
#     sh requirements/python.sh requirements/install.py run
# The variable PYTHON names one by hand. Otherwise the environment that is already there comes first,
# so that a second Python on the PATH does not make it anew.

too_old='' no_venv='' IFS=:
for python in ${PYTHON:-.venv/bin/python:python3:python3.14:python3.13:python3.12:python3.11}; do
    "$python" -c '' 2>/dev/null || continue
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        too_old=$python
    elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        no_venv=${no_venv:-$python}
    else
        exec "$python" -E -s "$@"
    fi
done

if [ -n "$no_venv" ]; then
    echo "holdfast: $no_venv cannot make virtual environments: its modules venv and ensurepip are missing." >&2
    echo "holdfast: install them (Debian, Ubuntu: apt install python3-venv) and run make again." >&2
elif [ -n "$too_old" ]; then
    echo "holdfast: needs Python 3.11 or newer, but $too_old${PYTHON:+ (from the variable PYTHON)} is $("$too_old" -c 'import platform; print(platform.python_version())')." >&2
    echo "holdfast: install a newer one, or name it: make up PYTHON=/path/to/python3.12" >&2
else
    echo "holdfast: needs Python 3.11 or newer, but found no ${PYTHON:-python3}." >&2
    echo "holdfast: install it (Debian, Ubuntu: apt install python3 python3-venv), or name it: make up PYTHON=/path/to/python3.12" >&2
fi
exit 1
