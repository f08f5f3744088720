#!/bin/bash
# Runs a program in a session of its own that has an unlocked keyring: withKeyring.sh FOLDER PROGRAM ARGUMENTS
# The keyring lies in FOLDER, so that the next start with the same folder finds what the last one kept.
set -euo pipefail
folder=$1
shift
mkdir -p "$folder/data" "$folder/run"
chmod 700 "$folder/run"
export XDG_DATA_HOME="$folder/data" XDG_RUNTIME_DIR="$folder/run"
exec dbus-run-session -- bash -c '
  echo -n test | gnome-keyring-daemon --unlock --components=secrets >/dev/null
  exec "$@"
' keyring "$@"
