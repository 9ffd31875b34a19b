# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# NetworkManager, which takes every network card that it finds, leaves the VFs alone: at boot, when they appear while it
# runs, and on their way to a container and back. Leaves a host without VFs.
# topology: pair
# policy: isolation.json
# manager: NetworkManager
# slow: yes
# timeout: 300

manager=NetworkManager
# shellcheck source=tests/lab/guest/managers.sh
. "$LAB_HOME/managers.sh"

check_match "NetworkManager has read its part" "$(NetworkManager --print-config)" '^\[device-sriovctl-0000:01:00\.0\]$'
daemon_checks
