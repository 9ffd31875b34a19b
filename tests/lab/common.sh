# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the lab's scripts: where things are, and how to run a command in the lab's Debian tree.

lab_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/lib/deps.sh
. "$lab_dir/../lib/deps.sh"

# The second default is for an environment without HOME (a service, for example).
lab_cache=$(realpath -m "${SRIOVCTL_LAB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/sriovctl-lab}")

# Raise it when `image` changes what it makes of the same packages and the same image-setup.
image_version=1

# The emulator is always this release's: igb and the NVMe controller's VFs are younger than Debian 12.
# shellcheck disable=SC2034 # for the scripts that source this
tools_release=trixie

# What an emulated host can be, a word each: the files in releases/. Such a file says at its head from where the packages come
# (release_header), and is a script for sed, which makes this release's `packages` and `image-setup` of Debian 13's.
releases() {
    ls "$lab_dir/releases"
}

# release_header RELEASE KEY: "suite" is what mmdebstrap installs; "also", if it is there, one more suite of the mirror.
release_header() {
    sed -n "/^[^#]/q; s/^# $2: *//p" "$lab_dir/releases/$1"
}

# release_setup RELEASE: its image-setup
release_setup() {
    sed -f "$lab_dir/releases/$1" "$lab_dir/image-setup"
}

# lab_packages RELEASE: a line each
lab_packages() {
    sed 's/#.*//' "$lab_dir/packages" | tr -s ' \n' '\n' | sed '/^$/d' | sed -f "$lab_dir/releases/$1"
}

# image_path RELEASE: the image's directory carries a hash of everything that decides its contents.
image_path() {
    local key
    key=$({ echo "$image_version"; lab_packages "$1"; release_setup "$1"; cat "$lab_dir/guest/inject"; } | sha256sum | cut -c1-16)
    printf '%s/image-%s\n' "$lab_cache" "$key"
}

# hold_image: until this process ends, `image` must not remove the tree that we use.
hold_image() {
    local lock
    exec {lock}<"$1/lock"
    flock --shared "$lock"
}

# in_tree IMAGE [--bind SOURCE TARGET | --bind-ro SOURCE TARGET]… -- COMMAND…
# Runs COMMAND in the image's tree. Mounts live in a mount namespace of their own, so that nothing is left behind, however
# this ends: the command dies with us, and all its children with it.
in_tree() {
    local image=$1 binds=()
    shift
    while [ "$1" != -- ]; do
        binds+=("$1" "$2" "$3")
        shift 3
    done
    shift
    # shellcheck disable=SC2016 # expanded by the inner shell
    exec setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child=KILL --propagation private -- sh -euc '
        tree=$1
        shift
        # The tree is shared by all runs: nobody writes to it.
        mount --bind "$tree" "$tree"
        mount -o remount,bind,ro "$tree"
        mount --rbind /dev "$tree/dev"
        mount -t proc proc "$tree/proc"
        mount -t tmpfs tmpfs "$tree/tmp"
        while [ "$1" != -- ]; do
            mount --bind "$2" "$tree$3"
            [ "$1" = --bind ] || mount -o remount,bind,ro "$tree$3"
            shift 3
        done
        shift
        exec chroot "$tree" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8 "$@"
    ' sh "$image/tree" "${binds[@]}" -- "$@"
}
