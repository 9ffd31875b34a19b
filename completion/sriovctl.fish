# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for fish. What may be typed the program itself knows: `sriovctl --complete`.

function __sriovctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] --complete $words[2..-1] "$current" 2>/dev/null </dev/null)
        switch $line
            case ':*'
                # What is before the path stays: "--host=".
                set -l option (string match -r -- '^--[^=]*=' $current)
                set -l path (string replace -r -- '^--[^=]*=' '' $current)
                set -l found $path*/
                test $line = :dirs; or set -a found $path*.json
                printf '%s\n' "$option"$found
            case '*'
                echo -- $line
        end
    end
end

complete -c sriovctl -k -f -a '(__sriovctl_complete)'
