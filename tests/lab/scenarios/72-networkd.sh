# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# systemd-networkd, with a file that takes every network card, leaves the VFs alone: at boot, when they appear while it
# runs, and on their way to a container and back. Leaves a host without VFs.
# topology: pair
# policy: isolation.json
# manager: networkd
# timeout: 300
# slow: yes

manager=networkd
# shellcheck source=tests/lab/guest/managers.sh
. "$LAB_HOME/managers.sh"

daemon_checks
