#!/bin/bash
# Runs the program HUIFANG_KEYRING_PROGRAM with our arguments, in a session of its own that has an unlocked keyring. The keyring lies in
# HUIFANG_KEYRING_FOLDER, so that the next start with the same folder finds what the last one kept. (By the environment, because
# Playwright puts arguments of its own before those of the test.)
set -euo pipefail
mkdir -p "$HUIFANG_KEYRING_FOLDER/data" "$HUIFANG_KEYRING_FOLDER/run"
chmod 700 "$HUIFANG_KEYRING_FOLDER/run"
export XDG_DATA_HOME="$HUIFANG_KEYRING_FOLDER/data" XDG_RUNTIME_DIR="$HUIFANG_KEYRING_FOLDER/run"
exec dbus-run-session -- bash -c '
  echo -n test | gnome-keyring-daemon --unlock --components=secrets >/dev/null
  exec "$HUIFANG_KEYRING_PROGRAM" "$@"
' keyring "$@"
