# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the scripts under tests/: messages, privileges, and Debian packages.

# Progress goes to standard error, so that standard output stays the result.
say() {
    if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then
        printf '\033[1m== %s\033[0m\n' "$*" >&2
    else
        printf '== %s\n' "$*" >&2
    fi
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# elapsed START: seconds since START (a former value of $SECONDS), for progress lines.
elapsed() {
    printf '%d s' "$((SECONDS - $1))"
}

# become_root "$@": runs the calling script again as root, if it is not root already. Chroots, mounts and the image's
# file ownership need it. HOME is kept, so that the cache stays where the user expects it.
become_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null || die "needs root, and there is no sudo: run it as root"
    say "this needs root: going on with sudo"
    exec sudo --preserve-env=HOME,XDG_CACHE_HOME,SRIOVCTL_LAB_CACHE,SRIOVCTL_LAB_MIRROR,SRIOVCTL_LAB_ACCEL,NO_COLOR \
        -- "$0" "$@"
}

# as_root COMMAND…: runs one command as root.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || die "needs root for: $*"
        sudo -- "$@"
    fi
}

have_package() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# need_packages PACKAGE…: installs what is missing, and says so. Does nothing, not even ask a mirror, if nothing is.
need_packages() {
    local package missing=()

    command -v dpkg-query >/dev/null || die "needs Debian 12 or later (there is no dpkg); packages wanted: $*"
    for package; do
        have_package "$package" || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0

    say "installing Debian packages: ${missing[*]}"
    # A foreign source that cannot be reached makes the update fail without harm: the installation decides.
    as_root apt-get -q update >/dev/null || say "apt-get update had errors; trying with the lists there are"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "${missing[@]}" \
        >&2 || die "cannot install: ${missing[*]}"
}
