/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans built in C. */
#include <stdio.h>

#include "fixture-plan.h"

static union vf_value number(uint64_t n)
{
	return (union vf_value){ .n = n };
}

static union vf_value text(const char *s)
{
	return (union vf_value){ .s = s };
}

struct plan *fixture_plan(size_t n)
{
	struct plan *p = mem_new(1, sizeof(*p));

	p->strings = mem_pool_new();
	p->pfs = mem_new(n, sizeof(*p->pfs));
	p->n_pfs = n;
	for (size_t i = 0; i < n; i++) {
		char name[32];

		snprintf(name, sizeof(name), "enp1s0f%zu", i);
		p->pfs[i] = (struct plan_pf){ .addr = { 0, 1, (uint8_t)i },
			.ifindex = (int)i + 2,
			.netdev = mem_intern(p->strings, name),
			.driver = "igb" };
	}
	return p;
}

struct step *fixture_step(struct plan *p, size_t pf, struct step s)
{
	struct plan_pf *out = &p->pfs[pf];

	out->steps = mem_grow(out->steps, out->n_steps, sizeof(*out->steps));
	out->steps[out->n_steps] = s;
	return &out->steps[out->n_steps++];
}

/* From no VFs to two: all that a first boot does. */
static void add_creation(struct plan *p)
{
	fixture_step(p, 0, step_make(STEP_LOAD_DRIVER, -1, text(NULL), text("vfio-pci")));
	fixture_step(p, 0, step_make(STEP_PF_UP, -1, number(0), number(1)));
	fixture_step(p, 0, step_make(STEP_AUTOPROBE, -1, number(1), number(0)));
	fixture_step(p, 0, step_make(STEP_VFS_CREATE, -1, number(0), number(2)));
	fixture_step(p, 0, step_attr(VF_MAC, 0, 0x020000000000))->fresh = true;
	fixture_step(p, 0, step_attr(VF_VLAN, 0, vlan_pack(100, 3, VLAN_PROTO_8021Q)))->fresh =
		true;
	fixture_step(p, 0, step_attr(VF_MAC, 1, 0x020000000001))->fresh = true;
	fixture_step(p, 0, step_make(STEP_VF_OVERRIDE, 0, text(NULL), text("vfio-pci")));
	fixture_step(p, 0, step_make(STEP_VF_BIND, 0, text(NULL), text("vfio-pci")));
	fixture_step(p, 0, step_make(STEP_AUTOPROBE, -1, number(0), number(1)));
	fixture_step(p, 0, step_attr(VF_MAX_TX_RATE, 1, 500))->fresh = true;
}

/* VFs that exist: one gets another MAC under its host driver, one goes from igbvf to vfio-pci. */
static void add_change(struct plan *p)
{
	struct step *s;

	s = fixture_step(p, 1, step_make(STEP_VF_UNBIND, 0, text("igbvf"), text(NULL)));
	s->effect = STEP_RESETS_VF;
	s->used = "vf 0 (0000:01:10.1) is in use: enp1s0f1v0 is up";
	s = fixture_step(p, 1, step_make(STEP_VF_UNBIND, 1, text("igbvf"), text(NULL)));
	s->effect = STEP_RESETS_VF;
	s = fixture_step(p, 1, step_attr(VF_MAC, 0, 0x020000000100));
	s->before_known = true;
	s->effect = STEP_RESETS_VF;
	s = fixture_step(p, 1, step_attr(VF_TRUST, 1, 1));
	s->before_known = true;
	fixture_step(p, 1, step_make(STEP_VF_BIND, 0, text(NULL), text("igbvf")));
	fixture_step(p, 1, step_make(STEP_VF_OVERRIDE, 1, text("igbvf"), text("vfio-pci")));
	fixture_step(p, 1, step_make(STEP_VF_BIND, 1, text(NULL), text("vfio-pci")));
}

struct plan *fixture_plan_host(void)
{
	struct plan *p = fixture_plan(3);

	add_creation(p);
	add_change(p);
	return p;
}

/* The name of VF number VF, from BEFORE (NULL: it has no interface yet). */
static struct step *add_name(struct plan *p, int vf, const char *before, const char *after)
{
	return fixture_step(p, 0, step_make(STEP_VF_NAME, vf, text(before), text(after)));
}

struct plan *fixture_plan_files(void)
{
	static const struct inventory
		now = { .files = {
				[GENFILE_NETWORKMANAGER] = { "# old \"text\"\n", true },
				[GENFILE_NETWORKD] = { "[Match]\n", true },
			} };
	static const char *const after[_GENFILE_MAX] = {
		[GENFILE_UDEV] = "# a rule\nNAME=\"lxc0\"\n",
		[GENFILE_NETWORKMANAGER] = "# new\n",
	};
	struct plan *p = fixture_plan(2);
	struct step *s;

	fixture_step(p, 0, step_make(STEP_VF_BIND, 0, text(NULL), text("igbvf")));
	add_name(p, 0, NULL, "lxc0");
	s = add_name(p, 1, "enp1s0f0v1", "lxc1");
	s->effect = STEP_RESETS_VF;
	s->used = "vf 1 (0000:01:10.2) is in use: enp1s0f0v1 is up";
	plan_add_files(p, &now, after, true);
	return p;
}
