/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How this very host's kernel command line is changed. */
#include <string.h>

#include "core/boot.h"

static bool begins(const char *s, const char *head)
{
	return s && strncmp(s, head, strlen(head)) == 0;
}

enum boot_loader boot_loader(const struct facts *f)
{
	const struct facts_boot *b = &f->boot;

	if (begins(b->loader_info, "systemd-boot"))
		return BOOT_SYSTEMD;
	if (begins(b->loader_info, "GRUB"))
		return BOOT_GRUB;
	/* GRUB says which kernel; systemd-boot hands over an initrd as EFI spells its path. */
	if (facts_has_word(f, "BOOT_IMAGE="))
		return BOOT_GRUB;
	if (f->cmdline && strstr(f->cmdline, "initrd=\\"))
		return BOOT_SYSTEMD;
	/* Both sets of files are there on hosts that were moved from one to the other. */
	if (b->grub_cfg && !b->kernel_cmdline)
		return BOOT_GRUB;
	return b->kernel_cmdline && !b->grub_cfg ? BOOT_SYSTEMD : BOOT_UNKNOWN;
}

static void grub_advice(struct buf *b, const struct facts *f, bool add, const char *word)
{
	const struct facts_boot *boot = &f->boot;

	buf_addf(b, "%s %s %s GRUB_CMDLINE_LINUX_DEFAULT in %s, run ", add ? "add" : "take", word,
		add ? "to" : "out of",
		boot->grub_default ? boot->grub_default : "/etc/default/grub");
	if (boot->proxmox)
		buf_add(b, "proxmox-boot-tool refresh");
	else if (boot->update_grub)
		buf_add(b, "update-grub");
	else if (begins(boot->grub_cfg, "/boot/grub2"))
		buf_addf(b, "grub2-mkconfig -o %s", boot->grub_cfg);
	else
		buf_addf(b, "grub-mkconfig -o %s",
			boot->grub_cfg ? boot->grub_cfg : "/boot/grub/grub.cfg");
	buf_add(b, ", reboot");
}

static void systemd_advice(struct buf *b, const struct facts *f, bool add, const char *word)
{
	buf_addf(b, "%s %s %s the one line of /etc/kernel/cmdline, run ", add ? "add" : "take",
		word, add ? "to" : "out of");
	if (f->boot.proxmox)
		buf_add(b, "proxmox-boot-tool refresh");
	else if (f->release)
		buf_addf(b, "kernel-install add %s /boot/vmlinuz-%s", f->release, f->release);
	else
		buf_add(b, "kernel-install add for each kernel");
	buf_add(b, ", reboot");
}

void boot_advice(struct buf *b, const struct facts *f, bool add, const char *word)
{
	switch (boot_loader(f)) {
	case BOOT_GRUB:
		grub_advice(b, f, add, word);
		return;
	case BOOT_SYSTEMD:
		systemd_advice(b, f, add, word);
		return;
	case BOOT_UNKNOWN:
		break;
	}
	if (f->boot.grub_cfg && f->boot.kernel_cmdline) {
		buf_add(b, "where GRUB boots this host, ");
		grub_advice(b, f, add, word);
		buf_add(b, "; where systemd-boot does, ");
		systemd_advice(b, f, add, word);
		return;
	}
	buf_addf(b,
		"%s %s %s the kernel's command line where this host's boot loader has it (neither "
		"GRUB nor systemd-boot was found), reboot",
		add ? "add" : "take", word, add ? "to" : "out of");
}
