# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for bash. What may be typed the program itself knows: `sriovctl --complete`.

_sriovctl_files() {
    compopt -o filenames
    if [ "$1" = :dirs ]; then
        mapfile -t COMPREPLY < <(compgen -d -- "$2")
    else
        mapfile -t COMPREPLY < <(compgen -d -- "$2"; compgen -f -X '!*.json' -- "$2")
    fi
}

_sriovctl() {
    local line=${COMP_LINE:0:COMP_POINT} words current word description prefix width=0 found=() told=()

    # Not COMP_WORDS, where addresses are in pieces.
    read -ra words <<<"$line"
    case $line in *[[:space:]]) words+=('') ;; esac
    current=${words[-1]}

    while IFS=$'\t' read -r word description; do
        case $word in
            :*)
                case $current in --*=*) current=${current#*=} ;; esac
                _sriovctl_files "$word" "$current"
                return
                ;;
            "$current"*)
                found+=("$word")
                told+=("$description")
                [ "${#word}" -le "$width" ] || width=${#word}
                ;;
        esac
    done < <("${words[0]}" --complete "${words[@]:1}" 2>/dev/null </dev/null)

    # Readline takes what is behind the last '=' or ':' for the word.
    prefix=${current%"${current##*[=:]}"}
    COMPREPLY=("${found[@]#"$prefix"}")
    case ${#found[@]} in
        0) ;;
        1) case ${found[0]} in *=) compopt -o nospace ;; esac ;;
        *)
            # Menu completion (37) inserts one of them, with all that stands there.
            [ "$COMP_TYPE" -eq 37 ] || for word in "${!found[@]}"; do
                printf -v "COMPREPLY[$word]" '%-*s  (%s)' "$width" "${found[word]}" "${told[word]}"
                COMPREPLY[word]=${COMPREPLY[word]#"$prefix"}
            done
            ;;
    esac
}

complete -o nosort -F _sriovctl sriovctl
