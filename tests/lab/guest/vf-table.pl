#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# vf-table.pl INTERFACE: what the kernel says of a PF's VFs, however many there are, without a line of ours: "pf MAC", then
# per VF "INDEX MAC VLAN QOS PROTOCOL MIN MAX SPOOFCHK LINK RSS TRUST" (numbers as in the messages, -: not reported).
# `ip` shows only as many as a list's 16-bit length can tell (kernel-facts §4.2).
use strict;
use warnings;
use Socket;

my ($name) = @ARGV;
open my $f, '<', "/sys/class/net/$name/ifindex" or die "$name: $!\n";
my $ifindex = <$f> + 0;

socket my $s, 16, SOCK_RAW, 0 or die "netlink: $!\n";
# RTM_GETLINK with IFLA_EXT_MASK: VFs, without their statistics
my $ask = pack('L S S L L', 40, 18, 1, 1, 0) . pack('C C S l L L', 0, 0, 0, $ifindex, 0, 0) . pack('S S L', 8, 29, 9);
send $s, $ask, 0, pack('S S L L', 16, 0, 0, 0) or die "send: $!\n";
defined recv($s, my $msg, 1 << 20, 0) or die "recv: $!\n";
my ($len, $type) = unpack('L S', $msg);
die "no answer: type $type\n" if $type != 16 || $len != length $msg;

# attr AT: type, payload and the place of the next one
sub attr {
    my ($data, $at) = @_;
    my ($l, $t) = unpack('S S', substr($data, $at, 4));
    return ($t & 0x3fff, substr($data, $at + 4, $l - 4), $at + ($l + 3 & ~3));
}

sub vf {
    my ($info) = @_;
    my %v = map { $_ => '-' } qw(mac vlan qos proto min max spoofchk link rss trust);
    for (my $at = 0; $at < length $info;) {
        (my $t, my $p, $at) = attr($info, $at);
        ($v{index}, $v{mac}) = (unpack('L', $p), join(':', map { sprintf '%02x', $_ } unpack('x4 C6', $p))) if $t == 1;
        $v{spoofchk} = unpack('x4 l', $p) if $t == 4;
        $v{link} = unpack('x4 l', $p) if $t == 5;
        @v{qw(min max)} = unpack('x4 L L', $p) if $t == 6;
        $v{rss} = unpack('x4 l', $p) if $t == 7;
        $v{trust} = unpack('x4 l', $p) if $t == 9;
        @v{qw(vlan qos proto)} = unpack('x4 x4 L L n', $p) if $t == 12;
    }
    print join(' ', @v{qw(index mac vlan qos proto min max spoofchk link rss trust)}), "\n";
}

my ($n, $pf) = (0, undef);
for (my $at = 32; $at < $len;) {
    # The list's own length may have wrapped, so its entries are counted.
    if (unpack('x2 S', substr($msg, $at, 4)) == (22 | 0x8000) || unpack('x2 S', substr($msg, $at, 4)) == 22) {
        for ($at += 4; $n > 0; $n--) {
            (my $t, my $p, $at) = attr($msg, $at);
            die "$n entries are missing\n" if $t != 1;
            vf($p);
        }
        last;
    }
    (my $t, my $p, $at) = attr($msg, $at);
    print 'pf ', join(':', map { sprintf '%02x', $_ } unpack('C6', $p)), "\n" if $t == 1 && !$pf++;
    $n = unpack('L', $p) if $t == 21;
}
