/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be wrong with the host of check.tree, and what is to be told of it. */
#include "check-faults.h"

#define PF  "0000:01:00.0"
#define DIR "sys/devices/pci0000:00/0000:00:08.0/" PF

#define POLICY_OF(driver)                                                                    \
	"{ \"version\": 1, \"pfs\": [{ \"match\": { \"address\": \"" PF "\" }, \"vfs\": 2, " \
	"\"defaults\": { \"driver\": \"" driver "\" } }] }"
#define FOR_HOST    POLICY_OF("igbvf")
#define LOADER_INFO "sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define NOBODY      "" /* there is no policy */
#define NO_IOMMU    "rm sys/class/iommu/dmar0\n"
#define LINE        "file proc/cmdline root=/dev/sda1 quiet\n"

const struct fault faults[] = {
	/* The policy. */
	{ "policy", "", "{ \"version\": 1, \"pfs\": [{}], \"x\": 1 }", CHECK_FAIL, NULL, "p.json",
		1, "/x", "sriovctl validate" },
	{ "policy", "", NOBODY, CHECK_SKIP, NULL, NULL, 0, "there is no policy to look at", NULL },
	{ "host-fits", "",
		"{ \"version\": 1, \"pfs\": [{ \"match\": { \"address\": \"0000:07:00.0\" }, "
		"\"vfs\": 1 }] "
		"}",
		CHECK_FAIL, NULL, "p.json", 1, "no PF", "mend the policy, or the host" },
	{ "host-fits", "",
		"{ \"version\": 1, \"pfs\": [{ \"match\": { \"address\": \"" PF
		"\" }, \"vfs\": 70 }] }",
		CHECK_FAIL, NULL, "p.json", 1, "70", "mend the policy" },
	{ "consent", "", FOR_HOST, CHECK_PASS, NULL, NULL, 0, "nothing", NULL },
	{ "consent", "file " DIR "/../0000:01:10.0/enable 1\n", FOR_HOST, CHECK_FAIL, PF, NULL, 0,
		"vf 0 (0000:01:10.0) is in use", "sriovctl plan" },
	{ "consent", "",
		"{ \"version\": 1, \"pfs\": [{ \"match\": { \"address\": \"" PF
		"\" }, \"vfs\": 3 }] }",
		CHECK_FAIL, PF, NULL, 0, "--recreate", "sriovctl plan" },

	/* IOMMU. */
	{ "iommu", "rm sys/class/iommu/dmar0\n", NULL, CHECK_FAIL, NULL, NULL, 0, "is empty",
		"VT-d on in the firmware's setup; then add intel_iommu=on to "
		"GRUB_CMDLINE_LINUX_DEFAULT in "
		"/etc/default/grub, run update-grub, reboot" },
	{ "iommu",
		"rm sys/class/iommu/dmar0\nfile proc/cmdline BOOT_IMAGE=/vmlinuz intel_iommu=on\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "is empty", "intel_iommu=on is on the kernel's" },
	{ "iommu", "rm sys/class/iommu/dmar0\nfile proc/cmdline BOOT_IMAGE=/vmlinuz iommu=off x\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "is empty",
		"take iommu=off out of GRUB_CMDLINE_LINUX_DEFAULT" },
	{ "iommu", "rm sys/class/iommu/dmar0\nfile proc/cpuinfo vendor_id : AuthenticAMD\n", NULL,
		CHECK_FAIL, NULL, NULL, 0, "is empty", "AMD-Vi" },
	{ "iommu", "rm sys/class/iommu/dmar0\n", NOBODY, CHECK_FAIL, NULL, NULL, 0, "is empty",
		"VT-d" },
	{ "iommu", "rm sys/class/iommu/dmar0\n", FOR_HOST, CHECK_SKIP, NULL, NULL, 0,
		"no VF is to go to a guest", NULL },
	{ "interrupt-remapping", "file proc/interrupts 24: 1 PCI-MSI-0000:01:00.0 enp1s0\n", NULL,
		CHECK_FAIL, NULL, NULL, 0, "no interrupt", "x2APIC" },
	{ "interrupt-remapping",
		"file proc/interrupts 24: 1 PCI-MSI-0000:01:00.0 enp1s0\n"
		"file proc/cmdline BOOT_IMAGE=/vmlinuz intremap=off\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "no interrupt", "take intremap=off out of" },
	{ "interrupt-remapping",
		"file proc/interrupts 24: 1 PCI-MSI-0000:01:00.0 enp1s0\n"
		"file sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts Y\n",
		NULL, CHECK_WARN, NULL, NULL, 0, "lets VFIO work", "trusted" },
	{ "interrupt-remapping", "rm proc/interrupts\n", NULL, CHECK_SKIP, NULL, NULL, 0,
		"/proc/interrupts", NULL },
	{ "interrupt-remapping", "rm sys/class/iommu/dmar0\n", NULL, CHECK_SKIP, NULL, NULL, 0,
		"IOMMU", NULL },
	{ "unsafe-interrupts",
		"file sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts Y\n", NULL,
		CHECK_WARN, NULL, NULL, 0, "unsafe interrupts now", "echo N >" },
	{ "unsafe-interrupts",
		"file etc/modprobe.d/v.conf options vfio_iommu_type1 allow_unsafe_interrupts=1\n",
		NULL, CHECK_WARN, NULL, "/etc/modprobe.d/v.conf", 1, "allow_unsafe_interrupts=1",
		"take it out" },
	{ "acs-override",
		"file proc/cmdline BOOT_IMAGE=/vmlinuz "
		"pcie_acs_override=downstream,multifunction\n",
		NULL, CHECK_WARN, NULL, NULL, 0, "look isolated that are not",
		"take pcie_acs_override out of GRUB_CMDLINE_LINUX_DEFAULT" },
	{ "acs-override", "rm proc/cmdline\n", NULL, CHECK_SKIP, NULL, NULL, 0, "/proc/cmdline",
		NULL },
	{ "lockdown",
		"dev 0000:02:00.0 id=15b3:1017 driver=mlx5_core\n"
		"file sys/kernel/security/lockdown none [integrity] confidentiality\n",
		NULL, CHECK_WARN, NULL, NULL, 0, "locked down (integrity)", "Secure Boot" },
	{ "lockdown", "file sys/kernel/security/lockdown none [integrity] confidentiality\n", NULL,
		CHECK_PASS, NULL, NULL, 0, "which VFs and VFIO do not mind", NULL },

	/* The boot loader, told by a check that needs the command line. */
	{ "iommu",
		NO_IOMMU
		"file proc/cmdline initrd=\\EFI\\proxmox\\6.8.12\\initrd.img root=ZFS=rpool/x\n"
		"file etc/kernel/cmdline x\nfile etc/kernel/proxmox-boot-uuids ABCD-0123\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "is empty",
		"add intel_iommu=on to the one line of /etc/kernel/cmdline, run proxmox-boot-tool "
		"refresh, "
		"reboot" },
	{ "iommu",
		NO_IOMMU LINE "rm boot/grub/grub.cfg\nfile etc/kernel/cmdline x\n"
			      "file etc/kernel/proxmox-boot-uuids ABCD-0123\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "is empty",
		"/etc/kernel/cmdline, run proxmox-boot-tool" },
	{ "iommu",
		NO_IOMMU
		"file etc/kernel/cmdline x\nfile etc/kernel/proxmox-boot-uuids ABCD-0123\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "is empty",
		"then add intel_iommu=on to GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, run "
		"proxmox-boot-tool refresh" },
	{ "iommu", NO_IOMMU LINE "file etc/kernel/cmdline x\n", NULL, CHECK_FAIL, NULL, NULL, 0,
		"is empty", "where GRUB boots this host, add" },
	{ "iommu", NO_IOMMU LINE "rm boot/grub/grub.cfg\n", NULL, CHECK_FAIL, NULL, NULL, 0,
		"is empty", "neither GRUB nor systemd-boot was found" },
	{ "iommu", NO_IOMMU LINE "rm boot/grub/grub.cfg\nfile etc/kernel/cmdline x\n", NULL,
		CHECK_FAIL, NULL, NULL, 0, "is empty",
		"run kernel-install add 6.12.107+deb13-amd64 /boot/vmlinuz-6.12.107+deb13-amd64, "
		"reboot" },
	{ "iommu",
		NO_IOMMU LINE
		"file boot/grub2/grub.cfg x\nrm boot/grub/grub.cfg\nrm usr/sbin/update-grub\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "is empty",
		"grub2-mkconfig -o /boot/grub2/grub.cfg" },
	{ "iommu",
		NO_IOMMU "file etc/default/grub.d/50-x.cfg a=1\\nGRUB_CMDLINE_LINUX_DEFAULT=\"x\"\n"
			 "file etc/default/grub.d/60-y.cfg \\hGRUB_CMDLINE_LINUX_DEFAULT=\"x\"\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "is empty",
		"in /etc/default/grub.d/50-x.cfg, run" },

	/* EFI's word counts more than the command line, which an administrator may have copied. */
	{ "iommu",
		NO_IOMMU "file etc/kernel/cmdline x\n"
			 "file " LOADER_INFO
			 " xxxxs\\0y\\0s\\0t\\0e\\0m\\0d\\0-\\0b\\0o\\0o\\0t\\0\\0\\0\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "is empty",
		"then add intel_iommu=on to the one line of /etc/kernel/cmdline" },
	{ "iommu",
		NO_IOMMU LINE "file etc/kernel/cmdline x\n"
			      "file " LOADER_INFO " xxxxG\\0R\\0U\\0B\\0\\0\\0\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "is empty",
		"then add intel_iommu=on to GRUB_CMDLINE_LINUX_DEFAULT" },

	/* Modules. */
	{ "vfio-modules",
		"file lib/modules/6.12.107+deb13-amd64/modules.dep "
		"kernel/drivers/vfio/vfio.ko.xz:\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "6.12.107+deb13-amd64: vfio_pci;",
		"install the package" },
	{ "vfio-modules",
		"rm lib/modules/6.12.107+deb13-amd64/modules.dep\nrm "
		"lib/modules/6.12.107+deb13-amd64/modules.builtin\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "vfio_pci; no VF", "if the kernel was updated" },
	{ "vfio-modules",
		"file proc/sys/kernel/osrelease 6.1.0-1\n"
		"file lib/modules/6.1.0-1/modules.dep a/vfio-pci.ko:\\na/vfio_iommu_type1.ko:\n",
		NULL, CHECK_FAIL, NULL, NULL, 0, "6.1.0-1: vfio_virqfd;", "install the package" },
	{ "vfio-modules", "file etc/modprobe.d/b.conf blacklist vfio-pci\n", NULL, CHECK_FAIL, NULL,
		"/etc/modprobe.d/b.conf", 1, "blacklist vfio-pci", "take it out" },
	{ "vfio-modules", "file run/modprobe.d/b.conf \\ninstall vfio_pci /bin/false\n", NULL,
		CHECK_FAIL, NULL, "/run/modprobe.d/b.conf", 2, "install vfio_pci", "take it out" },
	{ "vfio-modules", "file proc/cmdline BOOT_IMAGE=/v module_blacklist=nouveau,vfio_pci\n",
		NULL, CHECK_FAIL, NULL, "/proc/cmdline", 1, "module_blacklist", "take it out" },
	{ "vfio-modules", "file etc/modules vfio\\nvfio_virqfd\n", NULL, CHECK_WARN, NULL,
		"/etc/modules", 2, "vfio_virqfd", "take the line out" },
	{ "vfio-modules", "rm proc/sys/kernel/osrelease\n", NULL, CHECK_SKIP, NULL, NULL, 0,
		"not known", NULL },
	{ "driver-modules", "", POLICY_OF("iavf"), CHECK_FAIL, NULL, NULL, 0, "iavf",
		"install the package" },
	{ "driver-modules", "", POLICY_OF("vfoi-pci"), CHECK_SKIP, NULL, NULL, 0,
		"it is not known whether this host has vfoi-pci", NULL },

	/* PFs. */
	{ "capability", "dev 0000:02:00.0 id=15b3:1017 driver=mlx5_core\n", NULL, CHECK_WARN, NULL,
		NULL, 0, "0000:02:00.0 (mlx5_core) has no SR-IOV",
		"mlxconfig -d 0000:02:00.0 set SRIOV_EN=1" },
	{ "capability", "dev 0000:02:00.0 id=8086:1572\nconfig 0000:02:00.0 total=0\n", NULL,
		CHECK_WARN, NULL, NULL, 0, "0000:02:00.0 has the capability for 0 VFs",
		"in the card's firmware" },
	{ "capability", "dev 0000:02:00.0 id=8086:1572\nconfig 0000:02:00.0 total=64\n", NULL,
		CHECK_WARN, NULL, NULL, 0, "0000:02:00.0 has the capability for 64 VFs",
		"CONFIG_PCI_IOV" },
	{ "capability", "rm " DIR "/sriov_totalvfs\n", NOBODY, CHECK_FAIL, NULL, NULL, 0,
		"no device has a file sriov_totalvfs",
		"\"SR-IOV support\" on in the firmware's setup" },
	{ "pf-driver", "file " DIR "/uevent PCI_CLASS=20000\\nPCI_ID=8086:10C9\n", NULL, CHECK_FAIL,
		PF, NULL, 0, "has no driver",
		"modprobe $(cat /sys/bus/pci/devices/" PF "/modalias)" },
	{ "pf-vfio", "file " DIR "/uevent DRIVER=vfio-pci\\nPCI_CLASS=20000\\nPCI_ID=8086:10C9\n",
		NULL, CHECK_FAIL, PF, NULL, 0, "refuses to create VFs",
		"/sys/bus/pci/drivers/vfio-pci/unbind" },
	{ "pf-vfio",
		"file " DIR "/uevent DRIVER=vfio-pci\\nPCI_CLASS=20000\\nPCI_ID=8086:10C9\n"
		"file sys/module/vfio_pci/parameters/enable_sriov Y\n"
		"file etc/driverctl.d/pci-" PF " vfio-pci\n",
		NULL, CHECK_FAIL, PF, NULL, 0, "needs the VF token",
		"driverctl unset-override " PF },
	{ "pf-link", "file " DIR "/net/enp1s0/carrier 0\n", NULL, CHECK_WARN, PF, NULL, 0,
		"(enp1s0) has no link", "cable" },
	{ "pf-link", "file " DIR "/net/enp1s0/flags 0x1002\nfile " DIR "/net/enp1s0/carrier 0\n",
		NOBODY, CHECK_WARN, PF, NULL, 0, "(enp1s0) is down", "ip link set enp1s0 up" },
	{ "pf-link", "file " DIR "/net/enp1s0/flags 0x1002\nfile " DIR "/net/enp1s0/carrier 0\n",
		NULL, CHECK_WARN, PF, NULL, 0, "(enp1s0) has no link while it is down",
		"look again after apply" },
	{ "pf-link", "rm sys/class/net/enp1s0\nrm " DIR "/net\n", NULL, CHECK_WARN, PF, NULL, 0,
		"has no interface here: attributes", "dmesg | grep " PF },
	{ "pf-link", "rm sys/class/net/enp1s0\nrm " DIR "/net/enp1s0\n", NULL, CHECK_WARN, PF, NULL,
		0, "in another network namespace", "ip -n NAMESPACE" },
	{ "max-vfs", "file etc/modprobe.d/igb.conf options \\\\\\n igb max_vfs=7,7\n", NULL,
		CHECK_WARN, NULL, "/etc/modprobe.d/igb.conf", 1, "max_vfs=7,7",
		"update-initramfs" },
	{ "max-vfs", "file proc/cmdline BOOT_IMAGE=/v igb.max_vfs=4\n", NULL, CHECK_WARN, NULL,
		"/proc/cmdline", 1, "igb.max_vfs=4: ", "take igb.max_vfs=4 out of GRUB_CMDLINE" },
	{ "max-vfs", "file sys/module/igb/parameters/max_vfs 4\n", NULL, CHECK_WARN, NULL, NULL, 0,
		"igb was loaded with max_vfs=4", "load it without" },

	/* PCI. */
	{ "ari", "file " DIR "/ari_enabled 0\nconfig 0000:00:08.0 acs=1d ari=can\n", NULL,
		CHECK_WARN, PF, NULL, 0, "the port 0000:00:08.0 above 0000:01:00.0 does not",
		"the port could" },
	{ "ari", "file " DIR "/ari_enabled 0\nconfig 0000:00:08.0 acs=1d\n", NULL, CHECK_WARN, PF,
		NULL, 0, "the port 0000:00:08.0 above 0000:01:00.0 does not",
		"slot whose port has it" },
	/* On a bus of their own, VFs do without it. */
	{ "ari",
		"file " DIR "/ari_enabled 0\nfile " DIR "/sriov_offset 384\n"
		"config 0000:00:08.0 acs=1d buses=1-1\n",
		NULL, CHECK_WARN, PF, NULL, 0, "does not", "the port cannot: see to bus numbers" },
	{ "ari",
		"file " DIR "/ari_enabled 0\nfile " DIR "/sriov_offset 384\n"
		"config 0000:00:08.0 acs=1d buses=1-2\n",
		NULL, CHECK_PASS, NULL, NULL, 0, PF, NULL },
	{ "ari", "file " DIR "/ari_enabled 0\nfile proc/cmdline BOOT_IMAGE=/v pci=nomsi,noari\n",
		NULL, CHECK_WARN, PF, NULL, 0, "does not forward ARI", "take noari out of" },
	{ "ari", "rm " DIR "/ari_enabled\n", NULL, CHECK_SKIP, NULL, NULL, 0, PF, NULL },
	{ "bus-numbers", "file " DIR "/sriov_offset 384\n", NULL, CHECK_FAIL, PF, NULL, 0,
		"2 VFs of 0000:01:00.0 reach to bus 02, and the port 0000:00:08.0 above it has bus "
		"numbers "
		"up to 01 only: 0 VFs",
		"add pci=assign-busses to GRUB_CMDLINE_LINUX_DEFAULT" },
	{ "bus-numbers", "file " DIR "/sriov_offset 250\n", NOBODY, CHECK_WARN, PF, NULL, 0,
		"up to 01 only: 3 VFs are possible", "pci=assign-busses" },
	{ "bus-numbers", "file " DIR "/sriov_offset 254\n", NULL, CHECK_FAIL, PF, NULL, 0,
		"1 VFs are", "pci=assign-busses" },
	{ "bus-numbers", "file " DIR "/sriov_offset 384\nfile " DIR "/ari_enabled 0\n", NULL,
		CHECK_FAIL, PF, NULL, 0, "0 VFs", "ARI first" },
	/* The port has no ARI at all. */
	{ "bus-numbers",
		"file " DIR "/sriov_offset 384\nfile " DIR "/ari_enabled 0\n"
		"config 0000:00:08.0 acs=1d buses=1-1\n",
		NULL, CHECK_FAIL, PF, NULL, 0, "0 VFs", "pci=assign-busses" },
	{ "bus-numbers", "file " DIR "/sriov_offset 0\n", NULL, CHECK_SKIP, NULL, NULL, 0, PF,
		NULL },
	{ "vf-memory", "resource " PF " found=1 lost=8\n", NULL, CHECK_FAIL, PF, NULL, 0,
		"VF BAR 3 has no address", "if that is not enough, add pci=realloc to" },
	/* The kernel gave up on it, and has forgotten it: only the card's register tells. */
	{ "vf-memory", "resource " PF " found=1\n", NULL, CHECK_FAIL, PF, NULL, 0,
		"VF BAR 3 has no address", "\"Above 4G Decoding\"" },
	{ "vf-memory", "resource " PF "\nfile proc/cmdline BOOT_IMAGE=/v pci=realloc,noaer\n", NULL,
		CHECK_FAIL, PF, NULL, 0, "VF BARs 0, 3 have no address",
		"pci=realloc is on the kernel's" },
	{ "vf-memory", "rm " DIR "/resource\n", NULL, CHECK_SKIP, NULL, NULL, 0, PF, NULL },
	{ "reserved-regions",
		"file sys/kernel/iommu_groups/4/reserved_regions 0x000000007c000000 "
		"0x000000007effffff direct\n",
		NULL, CHECK_FAIL, PF, NULL, 0,
		"0x7c000000-0x7effffff for the IOMMU group 4 of 0000:01:10.2", "HPE" },
	{ "reserved-regions",
		"file sys/kernel/iommu_groups/2/reserved_regions 0x000000007c000000 "
		"0x000000007effffff direct\n"
		"rm " DIR "/virtfn0\nrm " DIR "/virtfn1\n",
		NULL, CHECK_WARN, PF, NULL, 0, "group 2 of 0000:01:00.0", "HPE" },
	{ "groups",
		"rm " DIR "/iommu_group\nlink " DIR
		"/iommu_group ../../1\nconfig 0000:00:08.0 ari=on\n",
		NULL, CHECK_FAIL, PF, NULL, 0,
		"share IOMMU group 1: the bridge 0000:00:08.0 lacks ACS; no VF can go to a guest",
		"switch ACS on" },
	{ "groups",
		"rm " DIR "/iommu_group\nlink " DIR
		"/iommu_group ../../1\nconfig 0000:00:08.0 acs=0d\n",
		NULL, CHECK_FAIL, PF, NULL, 0,
		"the bridge 0000:00:08.0 has ACS without upstream forwarding;", "switch ACS on" },
	{ "groups",
		"rm " DIR "/iommu_group\nlink " DIR
		"/iommu_group ../../1\nconfig 0000:00:08.0 size=64\n",
		NULL, CHECK_FAIL, PF, NULL, 0, "the bridge 0000:00:08.0 isolates nothing",
		"switch ACS on" },
	{ "groups",
		"rm " DIR "/iommu_group\nlink " DIR
		"/iommu_group ../../1\nconfig 0000:00:08.0 ari=on\n",
		FOR_HOST, CHECK_PASS, NULL, NULL, 0, PF, NULL },
	{ "groups", "rm " DIR "/iommu_group\n", NULL, CHECK_FAIL, PF, NULL, 0,
		"is in no IOMMU group", "switch ACS on" },
	{ "groups", "dev 0000:05:00.0 id=8086:1533 driver=igb group=4\n", NULL, CHECK_FAIL, PF,
		NULL, 0,
		"vf 1 (0000:01:10.2) shares IOMMU group 4 with 0000:05:00.0, which igb has: it "
		"cannot go to a guest",
		"slot" },
	{ "groups",
		"dev 0000:05:00.0 id=8086:1533 driver=igb group=4\n"
		"dev 0000:06:00.0 id=8086:1533 driver=igb group=3\n",
		NULL, CHECK_FAIL, PF, NULL, 0,
		"vf 0 (0000:01:10.0) shares IOMMU group 3 with 0000:06:00.0, which igb has: it "
		"cannot go to a guest, nor can 1 other",
		"slot" },

	/* Other programs. */
	{ "systemd-link", "file etc/systemd/network/a.link [Link]\\n SR-IOVVirtualFunctions = 4\n",
		NULL, CHECK_WARN, NULL, "/etc/systemd/network/a.link", 2,
		"SR-IOVVirtualFunctions = 4", "udevadm control --reload" },
	{ "systemd-link",
		"file usr/lib/systemd/network/b.link.d/x.conf [SR-IOV]\\nVirtualFunction=0\n", NULL,
		CHECK_WARN, NULL, "/usr/lib/systemd/network/b.link.d/x.conf", 1, "[SR-IOV]",
		"take it out" },
	{ "systemd-networkd", "file run/systemd/network/a.network [Match]\\nName=a\\n[SR-IOV]\n",
		NULL, CHECK_WARN, NULL, "/run/systemd/network/a.network", 3, "[SR-IOV]",
		"networkctl reload" },
	{ "networkmanager", "file etc/NetworkManager/conf.d/a.conf [device-x]\\nsriov-num-vfs=4\n",
		NULL, CHECK_WARN, NULL, "/etc/NetworkManager/conf.d/a.conf", 2, "sriov-num-vfs=4",
		"nmcli general reload" },
	{ "networkmanager",
		"file etc/NetworkManager/system-connections/a "
		"[wifi-security]\\npsk=x\\n[sriov]\\ntotal-vfs=2\n",
		NULL, CHECK_WARN, NULL, "/etc/NetworkManager/system-connections/a", 4,
		"total-vfs=2", "take" },
	{ "netplan",
		"file etc/netplan/02.yaml network:\\n\\s\\sethernets:\\n\\s\\s\\s\\sa:\\n"
		"\\s\\s\\s\\s\\s\\svirtual-function-count:\\s4\n",
		NULL, CHECK_WARN, NULL, "/etc/netplan/02.yaml", 4, "virtual-function-count: 4",
		"netplan generate" },
	{ "netplan",
		"file etc/netplan/02.yaml network:\\n\\s\\sethernets:\\n\\s\\s\\s\\sv:\\n"
		"\\s\\s\\s\\s\\s\\slink:\\sa\n",
		NULL, CHECK_WARN, NULL, "/etc/netplan/02.yaml", 4, "link: a", "netplan generate" },
	{ "sysfsutils", "file etc/sysfs.conf x\\nclass/net/a/device/sriov_numvfs = 4\n", NULL,
		CHECK_WARN, NULL, "/etc/sysfs.conf", 2, "sriov_numvfs = 4", "take the line out" },
	{ "sysfsutils", "file etc/sysfs.d/a.conf bus/pci/devices/" PF "/driver_override = x\n",
		NULL, CHECK_WARN, NULL, "/etc/sysfs.d/a.conf", 1, "driver_override",
		"take the line out" },
	{ "driverctl", "file etc/driverctl.d/pci-0000:01:10.2 vfio-pci\n", NULL, CHECK_WARN, NULL,
		"/etc/driverctl.d/pci-0000:01:10.2", 1,
		"vfio-pci:", "driverctl unset-override 0000:01:10.2;" },
	{ "driverctl", "file etc/driverctl.d/0000:01:00.0 vfio-pci\n", NULL, CHECK_WARN, NULL,
		"/etc/driverctl.d/0000:01:00.0", 1, "vfio-pci:", "unset-override 0000:01:00.0;" },
	{ "vfio-ids", "file etc/modprobe.d/v.conf options vfio-pci ids=10de:1b80,8086:10CA\n", NULL,
		CHECK_WARN, NULL, "/etc/modprobe.d/v.conf", 1, "8086:10CA", "take these IDs out" },
	{ "vfio-ids", "file proc/cmdline BOOT_IMAGE=/v quiet vfio-pci.ids=8086:10c9\n", NULL,
		CHECK_WARN, NULL, "/proc/cmdline", 1, "vfio-pci.ids=8086:10c9: ",
		"take vfio-pci.ids=8086:10c9 out of GRUB_CMDLINE_LINUX_DEFAULT" },
	{ "interfaces",
		"file etc/network/interfaces iface a inet manual\\n\\tpost-up echo 4 > "
		"/sys/class/net/a/device/sriov_numvfs\n",
		NULL, CHECK_WARN, NULL, "/etc/network/interfaces", 2, "post-up echo 4",
		"take the line out" },
	{ "interfaces",
		"file etc/network/interfaces.d/a \\n\\nup ip link set dev a vf 0 mac 02::1\n", NULL,
		CHECK_WARN, NULL, "/etc/network/interfaces.d/a", 3, "up ip link set dev a vf 0",
		"take" },
	{ "udev-rules",
		"file etc/udev/rules.d/61.rules KERNEL==\"a\", ATTR{device/sriov_numvfs}=\"4\"\n",
		NULL, CHECK_WARN, NULL, "/etc/udev/rules.d/61.rules", 1,
		"ATTR{device/sriov_numvfs}=", "udevadm control --reload" },
	{ "udev-rules",
		"file usr/lib/udev/rules.d/61.rules \\h x\\nKERNEL==\"a\", RUN+=\"/bin/sh -c 'echo "
		"vfio-pci > "
		"/sys/$devpath/driver_override'\"\n",
		NULL, CHECK_WARN, NULL, "/usr/lib/udev/rules.d/61.rules", 2, "driver_override",
		"take" },
	{ "cron",
		"file etc/cron.d/vfs @reboot root echo 4 > /sys/class/net/a/device/sriov_numvfs\n",
		NULL, CHECK_WARN, NULL, "/etc/cron.d/vfs", 1, "@reboot root echo 4",
		"take the line out" },
	{ "cron", "file var/spool/cron/crontabs/root \\n@reboot echo 4 > /x/sriov_numvfs\n", NULL,
		CHECK_WARN, NULL, "/var/spool/cron/crontabs/root", 2, "@reboot echo 4",
		"take the line out" },
	{ "rc-local", "file etc/rc.local \\h!/bin/sh\\necho 4 > /x/sriov_numvfs\n", NULL,
		CHECK_WARN, NULL, "/etc/rc.local", 2, "echo 4 >", "take the line out" },
	{ "units",
		"file etc/systemd/system/vfs.service [Service]\\nExecStart=/bin/sh -c \\\\\\n "
		"'echo 7 > "
		"/sys/class/net/a/device/sriov_numvfs'\n",
		NULL, CHECK_WARN, NULL, "/etc/systemd/system/vfs.service", 2, "sriov_numvfs'",
		"systemctl disable vfs.service;" },
	{ "units",
		"file etc/systemd/system/net.service.d/x.conf [Service]\\nExecStartPost=echo 7 > "
		"/x/sriov_numvfs\n",
		NULL, CHECK_WARN, NULL, "/etc/systemd/system/net.service.d/x.conf", 2,
		"sriov_numvfs", "systemctl disable net.service;" },
	{ "units",
		"file etc/systemd/system/sriov.service [Service]\\nExecStart=echo 7 > "
		"/x/sriov_numvfs\n",
		NULL, CHECK_WARN, NULL, "/etc/systemd/system/sriov.service", 2, "sriov_numvfs",
		"remove /etc/systemd/system/sriov.service, which also hides" },
	{ "scripts", "file usr/local/sbin/vfs \\h!/bin/sh\\nip link set a vf 0 trust on\n", NULL,
		CHECK_WARN, NULL, "/usr/local/sbin/vfs", 2, "ip link set a vf 0",
		"see what runs it" },
	{ "unread", "link etc/crontab.old x\nlink etc/cron.d/loop loop\n", NULL, CHECK_WARN, NULL,
		NULL, 0, "/etc/cron.d/loop (", "look at them yourself" },
};

const size_t n_faults = ARRAY_SIZE(faults);
