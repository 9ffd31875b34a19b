/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seam between the program and a machine: everything above it is the same for a real host, a
 * directory with a copy of /sys, and the fake of the tests. */
#pragma once

#include "base/err.h"
#include "core/diag.h"
#include "core/inventory.h"
#include "core/plan.h"
#include "core/policy.h"

struct host;

#define SCAN_SETTINGS_SHIFT 16

/* What a scan is to find out beyond the PCI functions and interfaces themselves. */
enum scan_what {
	SCAN_VF_ATTRS = 1 << 0, /* netlink: MAC, VLAN, … of each VF */
	SCAN_FIT = 1 << 1,      /* what may keep VFs from fitting a PF: whether its driver is the
				   kernel's own, bus numbers and addresses for them */
	SCAN_FILES = 1 << 2,    /* the generated files */
	SCAN_USERS = 1 << 3,    /* who uses each VF: all that a judgement of it needs */
	/* All that a plan is made of, if no policy asks for more. */
	SCAN_PLAN = SCAN_VF_ATTRS | SCAN_FIT | SCAN_FILES | SCAN_USERS,
	SCAN_CHECK = 1 << 4, /* the facts that only `check` asks for */
	/* udev's ID_PATH of each PF: libudev opens each directory on the way to a device, several
	 * times. */
	SCAN_PATHS = 1 << 5,
	SCAN_MSIX = 1 << 6, /* MSI-X vectors of PFs and VFs: a PF may be slow to answer */
	/* The facts that SCAN_PATHS and SCAN_USERS stand for of any function, and with the latter
	 * what the host lives on: what the policy's `devices` need. */
	SCAN_DEVICES = 1 << 7,
	/* The driver that the kernel would choose for each PF's VFs: it takes libkmod and the index
	 * of all modules to know. */
	SCAN_HOST_DRIVER = 1 << 8,
	/* What NVMe controllers can give to their VFs, and have given: each is asked in a process
	 * of its own. */
	SCAN_NVME = 1 << 9,
	SCAN_SLOTS = 1 << 10,   /* the slots that functions are in */
	SCAN_SETTLED = 1 << 11, /* whether udev is done with each PF, which takes libudev as well */
	/* Settings of PFs, each of which costs questions of its own. */
	SCAN_SETTINGS = ((1 << _PFSET_MAX) - 1) << SCAN_SETTINGS_SHIFT,
	SCAN_ALL = ((1 << 12) - 1) | SCAN_SETTINGS, /* what a snapshot holds */
};

/* The settings whose bits (1 << enum pfset_id) are in MASK. */
#define SCAN_SETTINGS_OF(mask) ((unsigned)(mask) << SCAN_SETTINGS_SHIFT)

/* One of them. */
#define SCAN_SETTING(id) SCAN_SETTINGS_OF(1u << (id))

/* How one step ended. */
struct step_result {
	/* 0 done and read back, else negative errno; -EIO: the kernel took it, but it is not so */
	int code;
	struct err err;
};

struct host_ops {
	/*
	 * Reads the machine. WHAT: enum scan_what. Gives an inventory that the caller frees, or a
	 * negative errno with E. Never blocks on a device that is stuck in the kernel (kernel-facts
	 * §1.7).
	 */
	int (*scan)(struct host *h, unsigned what, struct inventory **ret, struct err *e);

	/*
	 * Runs N neighbouring steps of PF: one, or several that go together (step_joins()), which
	 * may then share a message. RES has N results; all are filled. Returns 0 when all are 0,
	 * else the first that is not. May block for as long as the kernel does: callers run it in a
	 * process of its own.
	 */
	int (*run)(struct host *h, const struct plan_pf *pf, const struct step *steps, size_t n,
		struct step_result *res);

	/*
	 * Whether the running kernel has a module that loading DRIVER, which is not registered,
	 * would load: MODULE_AVAILABLE or MODULE_ABSENT; MODULE_UNKNOWN where that cannot be told.
	 * Never waits for a device.
	 */
	enum facts_state (*find_module)(struct host *h, const char *driver);

	/* Frees H. */
	void (*close)(struct host *h);
};

struct host {
	const struct host_ops *ops;
};

/* The machine this process runs on. Gives a host freed with its close(), or a negative errno with
 * E. */
int host_open_linux(struct host **ret, struct err *e);

/*
 * The host whose file system lies below DIR (a copy of /sys, /etc …): can be scanned, without
 * netlink and udev; its run() fails with -EROFS.
 */
int host_open_dir(const char *dir, struct host **ret, struct err *e);

/*
 * The host whose snapshot is the file PATH, or standard input if that is "-": can be scanned; its
 * run() fails with -EROFS. Returns 0; -EINVAL with problems in D when it is no snapshot, and *RET
 * is set nevertheless, for it owns their places; another negative errno with E when it cannot be
 * read.
 */
int host_open_snapshot(const char *path, struct host **ret, struct diag *d, struct err *e);

/*
 * Asks H for the module of each driver that P names for this host and that is not registered, and
 * notes what it tells among the facts of INV, fresh from a scan of H: want_make() then refuses what
 * no load could bring. Of a host that is not asked, or does not tell, nothing is noted.
 */
void host_ask_modules(struct host *h, const struct policy *p, struct inventory *inv);

/* The find_module() of a host that is only read: all are MODULE_UNKNOWN. */
enum facts_state host_find_nothing(struct host *h, const char *driver);

/* The run() of a host that is only read: all fail with -EROFS. */
int host_run_nothing(struct host *h, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res);
