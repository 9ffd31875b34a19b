#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The part of `sriovctl emit proxmox --part=mapping` that is always the same. Before it stand the variable "node" and the
# function "wanted", which prints a line for each VF: the mapping's id, a tab, the entry as pvesh takes it, its keys sorted.
#
# What is somebody else's stays as it is: mappings that do not say "sriovctl" in their description or in one of their
# entries, and in ours the entries of other nodes, and those of this one that do not say so.
#
# Nothing happens before the last line is read.

tab=$(printf '\t')
newline='
'

say() {
	printf 'sriovctl: %s\n' "$*" >&2
}

# Makes of what pvesh prints a line of words with tabs between for each mapping, each of its entries (its text, ours with
# its keys sorted), and each error that Proxmox VE finds. Control characters would be taken for the end of a word.
to_lines() {
	# shellcheck disable=SC2016,SC2154 # the program is Perl's; "node" is set before
	perl -MJSON::PP -e '
		use strict;
		my $node = shift;
		local $/;
		binmode STDOUT, ":utf8";
		for my $m (sort { $a->{id} cmp $b->{id} } @{decode_json(<STDIN>)}) {
			die "this is no id of a mapping: $m->{id}\n" if $m->{id} !~ /^[a-z][a-z0-9_-]+\z/i;
			my ($ours, $odd, @lines) = ($m->{description} // "") =~ /^sriovctl\b/ ? 1 : 0;
			for my $entry (@{$m->{map} // []}) {
				my %keys = map { /^([^=]+)=(.*)\z/s ? ($1, $2) : () } split(/,/, $entry);
				my $marked = ($keys{description} // "") =~ /^sriovctl /;
				my $mine = $marked && ($keys{node} // "") eq $node;
				$ours ||= $marked;
				$odd ||= $entry =~ /[\x00-\x1f\x7f]/;
				my $sorted = join(",", map { "$_=$keys{$_}" } sort keys %keys);
				push @lines, $mine ? "mine\t$m->{id}\t$sorted\n" : "theirs\t$m->{id}\t$entry\n";
			}
			print "map\t$m->{id}\t", $odd ? "odd" : $ours ? "ours" : "foreign", "\t$m->{digest}\n";
			print @lines if !$odd;
			for my $check (grep { $_->{severity} eq "error" } @{$m->{checks} // []}) {
				my $text = $check->{message};
				$text =~ s/\s+/ /g;
				$text =~ s/[\x00-\x1f\x7f]/?/g;
				print "error\t$m->{id}\t$text\n";
			}
		}' "$node"
}

# Reads all mappings into $state, unless they are in it as they are. --check-node fails on any other node.
read_state() {
	[ -n "$stale" ] || return 0
	stale=
	json=$(pvesh get /cluster/mapping/pci --check-node "$node" --output-format json) &&
		state=$(printf '%s\n' "$json" | to_lines) && return 0
	say "the resource mappings of node $node cannot be read"
	return 1
}

# write ARGUMENT...: has pvesh do it. Whether that succeeds or not, $state is of the past then.
write() {
	wait_for_quorum || return 1
	stale=yes
	pvesh "$@" >/dev/null
}

# Writing takes a quorum, which a cluster may not have yet at boot.
wait_for_quorum() {
	tries=0
	while :; do
		json=$(pvesh get /cluster/status --output-format json) || return 1
		# shellcheck disable=SC2016 # the program is Perl's
		printf '%s\n' "$json" | perl -MJSON::PP -e '
			local $/;
			exit(grep { $_->{type} eq "cluster" && !$_->{quorate} } @{decode_json(<STDIN>)})' && return 0
		[ "$tries" -gt 0 ] || say "waiting for the cluster's quorum"
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || { say "there is no quorum"; return 1; }
		sleep 2
	done
}

# words KIND ID: what follows in the lines of $state of that kind about that mapping
words() {
	printf '%s\n' "$state" | sed -n "s/^$1$tab$2$tab//p"
}

# ids KIND: the mappings that have lines of that kind in $state
ids() {
	printf '%s\n' "$state" | sed -n "s/^$1$tab\\([^$tab]*\\)$tab.*/\\1/p" | sort -u
}

# entries ID: the wanted entries of a mapping
entries() {
	wanted | sed -n "s/^$1$tab//p"
}

# key ENTRY NAME: its value, if it has one
key() {
	value=",$1,"
	case $value in
	*",$2="*)
		value=${value#*",$2="}
		printf '%s\n' "${value%%,*}"
		;;
	esac
}

# changed OLD NEW: what is different about the same VF
changed() {
	for name in path iommugroup id subsystem-id; do
		old=$(key "$1" "$name") new=$(key "$2" "$name")
		[ "$old" != "$new" ] || continue
		case $name in
		path) printf '%s' ", it has moved to $new" ;;
		iommugroup) printf '%s' ", its IOMMU group is ${new:-none} now, not ${old:-none}" ;;
		*) printf '%s' ", its $name is $new now, not $old" ;;
		esac
	done
}

# explain ID ENTRY: why an entry of ours is not what is wanted
explain() {
	who=$(key "$2" description) text=
	same=$(entries "$1" | grep -F "description=$who," | head -n 1)
	other=$(wanted | grep -F "${tab}description=$who," | cut -f 1 | head -n 1)
	if [ -n "$same" ]; then
		text=$(changed "$2" "$same")
		text=${text#, }
	elif [ -n "$other" ]; then
		text="it is called $other now"
	else
		text="there is no such VF for guests any more"
	fi
	say "mapping $1: stale: $(key "$2" path) (${who#sriovctl }): ${text:-its place in the order has changed}"
}

# Tells what of the present entries of mapping $1, $2, is not among the wanted ones, $3.
explain_all() {
	printf '%s\n' "$2" | while IFS= read -r entry; do
		[ -z "$entry" ] || printf '%s\n' "$3" | grep -qxF -e "$entry" || explain "$1" "$entry"
	done
}

# create ID: a mapping with the wanted entries
create() {
	id=$1
	set -- --id "$id" --description "sriovctl: the VFs that its policy calls $id"
	while IFS= read -r entry; do
		set -- "$@" --map "$entry"
	done <<END
$(entries "$id")
END
	write create /cluster/mapping/pci "$@" && say "mapping $id: created"
}

# update ID ENTRIES: the mapping with what is not ours as it is, and behind it ENTRIES, one a line
update() {
	id=$1 digest=$(words map "$1" | cut -f 2) fresh=$2
	set --
	while IFS= read -r entry; do
		[ -z "$entry" ] || set -- "$@" --map "$entry"
	done <<END
$(words theirs "$id")$newline$fresh
END
	write set "/cluster/mapping/pci/$id" --digest "$digest" "$@" && say "mapping $id: refreshed"
}

# refresh ID: makes the mapping as it is wanted
refresh() {
	want=$(entries "$1")
	have=$(words mine "$1")
	case $(words map "$1" | cut -f 1) in
	'')
		create "$1"
		;;
	ours)
		[ "$have" != "$want" ] || return 0
		explain_all "$1" "$have" "$want"
		update "$1" "$want"
		;;
	*)
		say "mapping $1: left alone, it is not sriovctl's; give the VFs another label, or the mapping another id"
		return 1
		;;
	esac
}

# leave ID: takes out of the mapping what is ours, if something else is in it: Proxmox VE starts no guest with a mapping
# of which any entry of the node is wrong. An empty one there cannot be.
leave() {
	explain_all "$1" "$(words mine "$1")" ''
	if [ -n "$(words theirs "$1")" ]; then
		update "$1" ''
	else
		say "mapping $1: left as it is, for nothing else is in it; if no guest needs it: pvesh delete /cluster/mapping/pci/$1"
	fi
}

# settle COMMAND ID: the command, once more if somebody else has written meanwhile
settle() {
	for _ in 1 2 3 4 5; do
		before=$state
		"$1" "$2" && return 0
		read_state || return 1
		[ "$state" != "$before" ] || return 1
	done
	return 1
}

# verify ID: the mapping is as wanted, and Proxmox VE finds no fault with it
verify() {
	if [ "$(words map "$1" | cut -f 1)" = ours ] && [ "$(words mine "$1")" != "$(entries "$1")" ]; then
		say "mapping $1: is not as it was written"
		return 1
	fi
	[ -z "$(words error "$1")" ]
}

# What Proxmox VE finds wrong on this node, in whosoever's mapping.
tell_errors() {
	printf '%s\n' "$state" | while IFS=$tab read -r kind id text; do
		[ "$kind" != error ] || say "mapping $id: stale: $text"
	done
}

main() {
	bad=0 stale=yes
	read_state || return 1
	for id in $(wanted | cut -f 1 | sort -u); do
		settle refresh "$id" || bad=1
		read_state || return 1
	done
	for id in $(ids mine); do
		[ -z "$(entries "$id")" ] || continue
		settle leave "$id" || bad=1
		read_state || return 1
	done
	for id in $(wanted | cut -f 1 | sort -u); do
		verify "$id" || bad=1
	done
	tell_errors
	return "$bad"
}

main
