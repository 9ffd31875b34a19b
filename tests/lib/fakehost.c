/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host that behaves. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "fakehost.h"

/* Sorted; bit i of a PF's `features` is number i. */
static const char *const fake_features[] = { "rx-checksum", "rx-gro", "rx-vlan-filter",
	"tx-checksum-ip-generic" };

#define FAKE_FEATURES ARRAY_SIZE(fake_features)
#define FAKE_FIXED    2 /* this one is */

#define VF_OFFSET 0x80
#define VF_STRIDE 2

static void set_name(char *name, const char *s)
{
	snprintf(name, FAKE_NAME, "%s", s ? s : "");
}

static const char *get_name(struct inventory *inv, const char *name)
{
	return name[0] ? mem_intern(inv->strings, name) : NULL;
}

/* As igb's VFs: devices 10, function 0, 2, … of the PF's bus. */
static struct pciaddr vf_addr(const struct fake_pf *pf, unsigned i)
{
	return (struct pciaddr){ pf->addr.domain, pf->addr.bus,
		(uint8_t)(VF_OFFSET + VF_STRIDE * i) };
}

static struct dev *add_dev(struct inventory *inv, struct pciaddr addr, const char *driver, int pf)
{
	struct dev *d;

	inv->devs = mem_grow(inv->devs, inv->n_devs, sizeof(*inv->devs));
	d = &inv->devs[inv->n_devs++];
	*d = (struct dev){ .addr = addr,
		.vendor = 0x8086,
		.driver = driver,
		.class_code = 0x020000,
		.pf = pf,
		.vf = -1,
		.netdev = -1,
		.iommu_group = -1,
		.numa_node = -1,
		.facts = FACTS_DEV_NONE };
	return d;
}

static void add_netdev(struct inventory *inv, const struct fake_pf *pf)
{
	struct netdev *n;
	char name[16];

	inv->netdevs = mem_grow(inv->netdevs, inv->n_netdevs, sizeof(*inv->netdevs));
	n = &inv->netdevs[inv->n_netdevs++];
	snprintf(name, sizeof(name), "enp%us0", pf->addr.bus);
	*n = (struct netdev){ .ifindex = pf->addr.bus,
		.name = mem_intern(inv->strings, name),
		.ethernet = !pf->infiniband,
		.infiniband = pf->infiniband,
		.has_mac = !pf->infiniband, /* 20 bytes, which are none */
		.has_perm_mac = !pf->infiniband,
		.mac = pf->mac,
		.perm_mac = pf->mac,
		.up = pf->up,
		.carrier = pf->up,
		.mtu = pf->mtu,
		.mtu_max = 9216,
		.accept_ra = pf->no_ra ? 0 : 1,
		.dev = (int)inv->n_devs - 1 };
	inv->devs[inv->n_devs - 1].netdev = (int)inv->n_netdevs - 1;
}

/* As udev calls the interface of VF number I. */
static void default_name(char name[static FAKE_NAME], const struct fake_pf *pf, unsigned i)
{
	snprintf(name, FAKE_NAME, "p%uv%u", pf->addr.bus, i);
}

/* Down and without an address, as igbvf leaves it: what uses it is for tests of the inventory. */
static void add_vf_netdev(struct inventory *inv, const struct fake_pf *fake, unsigned i)
{
	char name[FAKE_NAME];

	default_name(name, fake, i);
	inv->netdevs = mem_grow(inv->netdevs, inv->n_netdevs, sizeof(*inv->netdevs));
	inv->netdevs[inv->n_netdevs++] = (struct netdev){ .ifindex = 100 + (int)inv->n_netdevs,
		.name = mem_intern(inv->strings, fake->vf[i].name[0] ? fake->vf[i].name : name),
		.ethernet = true,
		.mtu = 1500,
		.dev = (int)inv->n_devs - 1 };
	inv->devs[inv->n_devs - 1].netdev = (int)inv->n_netdevs - 1;
}

static void add_bridge(struct inventory *inv, const char *name)
{
	inv->netdevs = mem_grow(inv->netdevs, inv->n_netdevs, sizeof(*inv->netdevs));
	inv->netdevs[inv->n_netdevs++] = (struct netdev){
		.ifindex = 200, .name = mem_intern(inv->strings, name), .ethernet = true, .dev = -1
	};
}

/* igb does not report query_rss, and nobody a GUID that was not set. */
static bool reports(const struct fake_pf *pf, const struct fake_vf *vf, enum vf_attr_id id)
{
	return vf_attr(id)->way == VF_BY_NETLINK && id != VF_QUERY_RSS &&
	       vf_attr_is_of(id, pf->infiniband ? VF_OF_INFINIBAND : VF_OF_ETHERNET) &&
	       (vf_attr(id)->type != VF_TYPE_GUID || vf->attr[id]);
}

static void add_vf(struct inventory *inv, const struct fake_pf *fake, int pf, unsigned i)
{
	const struct fake_vf *f = &fake->vf[i];
	struct vf *vf = &inv->pfs[pf].vfs[i];
	struct dev *d = add_dev(inv, vf_addr(fake, i), get_name(inv, f->driver), pf);

	d->override = get_name(inv, f->override);
	d->vf = (int)i;
	d->vfio_open = f->held;
	*vf = (struct vf){ .index = i, .dev = (int)inv->n_devs - 1 };
	if (strcmp(f->driver, "igbvf") == 0)
		add_vf_netdev(inv, fake, i);
	for (unsigned id = 0; fake->nic && id < _VF_ATTR_MAX; id++)
		if (reports(fake, f, id))
			vf_set_n(&vf->attrs, id, f->attr[id]);
	if (fake->msix)
		vf_set_n(&vf->attrs, VF_MSIX, f->attr[VF_MSIX]);
	for (unsigned id = 0; fake->flexible && id < _VF_ATTR_MAX; id++)
		if (vf_attr(id)->way == VF_BY_NVME)
			vf_set_n(&vf->attrs, id, f->attr[id]);
}

static void add_settings(struct inventory *inv, const struct fake_pf *fake, struct pf_settings *out)
{
	out->eswitch = fake->eswitch ? fake->eswitch : ESWITCH_NONE;
	out->fdb_read = true;
	for (unsigned i = 0; i < fake->n_fdb; i++) {
		out->fdb = mem_grow(out->fdb, out->n_fdb, sizeof(*out->fdb));
		out->fdb[out->n_fdb++] = (struct fdb_entry){ true, fake->fdb[i] };
	}
	for (unsigned i = 0; i < FAKE_FEATURES; i++) {
		bool on = fake->features >> i & 1;
		const char ***list = on ? &out->on : &out->off;
		size_t *n = on ? &out->n_on : &out->n_off;

		*list = mem_grow(*list, *n, sizeof(**list));
		(*list)[(*n)++] = mem_intern(inv->strings, fake_features[i]);
	}
	out->fixed = mem_new(1, sizeof(*out->fixed));
	out->fixed[out->n_fixed++] = fake_features[FAKE_FIXED];
}

static void add_pf(struct inventory *inv, const struct fakehost *f, const struct fake_pf *fake)
{
	struct pf *pf;
	int index = (int)inv->n_pfs;
	struct dev *d = add_dev(
		inv, fake->addr, mem_intern(inv->strings, fake->nic ? f->driver : "nvme"), index);

	d->class_code = !fake->nic ? 0x010802 : fake->infiniband ? 0x020700 : 0x020000;
	d->device = fake->nic ? 0x10c9 : 0; /* an 82576 */
	d->override = get_name(inv, fake->override);
	d->vfio_open = fake->held;
	if (fake->driver[0])
		d->driver = strcmp(fake->driver, VF_DRIVER_NONE) == 0 ? NULL
								      : get_name(inv, fake->driver);
	inv->pfs = mem_grow(inv->pfs, inv->n_pfs, sizeof(*inv->pfs));
	pf = &inv->pfs[inv->n_pfs++];
	*pf = (struct pf){ .dev = (int)inv->n_devs - 1,
		.total_vfs = fake->total,
		.offset = VF_OFFSET,
		.stride = VF_STRIDE,
		.autoprobe = fake->autoprobe,
		.settled = true,
		.driver_foreign = f->foreign,
		.has_vf_attrs = fake->nic,
		.vf_msix = fake->msix,
		.nvme = { .known = fake->flexible > 0,
			.vq = { fake->flexible + fake->kept, fake->kept, 4, 0 },
			.vi = { fake->flexible + fake->kept, fake->kept, 4, 0 } },
		.host_driver = mem_intern(inv->strings, fake->nic ? "igbvf" : "nvme"),
		.vfs = mem_new(fake->n, sizeof(struct vf)),
		.n_vfs = fake->n };
	if (fake->nic && !fake->driver[0]) {
		add_netdev(inv, fake);
		add_settings(inv, fake, &pf->settings);
	}
	for (unsigned i = 0; i < fake->n; i++)
		add_vf(inv, fake, index, i);
}

static void add_driver(struct inventory *inv, const char *name)
{
	inv->drivers = mem_grow(inv->drivers, inv->n_drivers, sizeof(*inv->drivers));
	inv->drivers[inv->n_drivers++] = name;
}

static int fake_scan(struct host *h, unsigned what _unused_, struct inventory **ret, struct err *e)
{
	struct fakehost *f = (struct fakehost *)h;
	struct inventory *inv;

	if (f->blind && f->writes)
		return err_set(e, -EIO, "blind");
	inv = inventory_new();

	inv->has_iommu = f->iommu;
	inv->hostname = mem_intern(inv->strings, "fake");
	inv->kernel = mem_intern(inv->strings, "6.1-fake");
	for (unsigned i = 0; i < f->n_pfs && !(f->gone && f->writes); i++)
		add_pf(inv, f, &f->pf[i]);
	for (size_t i = 0; f->iommu && i < inv->n_pfs; i++)
		inv->devs[inv->pfs[i].dev].iommu_group = inv->devs[inv->pfs[i].dev].addr.bus;
	inventory_index(inv);
	add_driver(inv, "igb"); /* sorted */
	if (f->has_igbvf)
		add_driver(inv, "igbvf");
	add_driver(inv, "nvme");
	if (f->has_vfio)
		add_driver(inv, "vfio-pci");
	if (f->bridge[0])
		add_bridge(inv, f->bridge);
	for (unsigned i = 0; i < _GENFILE_MAX; i++)
		inv->files[i] = (struct genfile_state){ get_name(inv, f->file[i]),
			!f->unloaded[i] };
	*ret = inv;
	return 0;
}

static bool is_registered(const struct fakehost *f, const char *driver)
{
	if (strcmp(driver, "vfio-pci") == 0)
		return f->has_vfio;
	if (strcmp(driver, "igbvf") == 0)
		return f->has_igbvf;
	return strcmp(driver, "nvme") == 0;
}

static void bind(struct fake_vf *vf, const char *driver)
{
	set_name(vf->driver, driver);
	if (strcmp(driver, "vfio-pci") != 0)
		vf->probed = true;
}

/* A driver that registers is offered every VF without a driver, as far as autoprobe and overrides
 * let it. */
static void offer(struct fakehost *f, const char *driver)
{
	bool is_host = strcmp(driver, "vfio-pci") != 0;

	for (unsigned p = 0; p < f->n_pfs; p++)
		for (unsigned i = 0; i < f->pf[p].n; i++) {
			struct fake_vf *vf = &f->pf[p].vf[i];
			bool named = strcmp(vf->override, driver) == 0;

			if (!vf->driver[0] &&
				(named || (is_host && !vf->override[0] && f->pf[p].autoprobe)))
				bind(vf, driver);
		}
}

void fake_load_by_modalias(struct fakehost *f)
{
	if (!f->has_igbvf)
		offer(f, "igbvf");
	f->has_igbvf = true;
}

/* Loading a module binds what its driver_override names (kernel-facts §12), and what nothing names.
 */
static int run_load(struct fakehost *f, const char *driver)
{
	if (strcmp(driver, "vfio-pci") == 0)
		f->has_vfio = true;
	else if (strcmp(driver, "igbvf") == 0)
		f->has_igbvf = true;
	else
		return -ENOENT;
	offer(f, driver);
	return 0;
}

/* As the kernel: until the holder lets go. A test that has ended leaves no worker behind, though.
 */
static void wait_for_holder(const struct fake_vf *vf)
{
	pid_t parent = getppid();

	while (*(const volatile bool *)&vf->held && getppid() == parent)
		usleep(5000);
}

/* As if the kernel never came back; but no longer than the test. */
static void wait_for_end(void)
{
	pid_t parent = getppid();

	while (getppid() == parent)
		usleep(5000);
	_exit(0);
}

static int run_numvfs(struct fakehost *f, struct fake_pf *pf, uint64_t n)
{
	if (n > pf->total)
		return -ERANGE;
	if (n == pf->n)
		return 0;
	if (n && !pf->n && f->has_rival)
		pf->n = 1;
	if (n && pf->n)
		return -EBUSY;
	for (unsigned i = 0; i < pf->n; i++)
		wait_for_holder(&pf->vf[i]);
	memset(pf->vf, 0, sizeof(pf->vf));
	pf->n = (unsigned)n;
	if (n && f->creates_fewer) {
		f->creates_fewer--;
		pf->n--;
	}
	for (unsigned i = 0; i < pf->n; i++) {
		pf->vf[i].attr[VF_SPOOFCHK] = pf->nic;
		pf->vf[i].attr[VF_MSIX] = (uint64_t)pf->msix / pf->n;
		if (pf->autoprobe && f->has_igbvf)
			bind(&pf->vf[i], "igbvf");
	}
	pf->vf[0].held = pf->n && f->takes_first;
	return n == pf->n ? 0 : -EIO;
}

/* As mlx5 and ice do it (kernel-facts §1.6): what one VF is to get, another has to give up. */
static int run_msix(struct fake_pf *pf, const struct step *s)
{
	uint64_t sum = s->after.n;

	if (!pf->msix)
		return -EOPNOTSUPP;
	if (pf->vf[s->vf].driver[0])
		return -EBUSY;
	for (unsigned i = 0; i < pf->n; i++)
		sum += (int)i == s->vf ? 0 : pf->vf[i].attr[VF_MSIX];
	if (sum > (uint64_t)pf->msix)
		return -ENOSPC;
	pf->vf[s->vf].attr[VF_MSIX] = s->after.n;
	return 0;
}

static int run_fdb(struct fake_pf *pf, const struct step *s)
{
	unsigned at = 0;
	macaddr mac;

	if (macaddr_parse(s->item, &mac) < 0)
		return -EINVAL;
	while (at < pf->n_fdb && pf->fdb[at] != mac)
		at++;
	if (s->after.n && at < pf->n_fdb)
		return 0;
	if (s->after.n && pf->n_fdb >= FAKE_FDB)
		return -ENOMEM;
	if (!s->after.n && at == pf->n_fdb)
		return -ENOENT;
	if (s->after.n)
		pf->fdb[pf->n_fdb++] = mac;
	else
		pf->fdb[at] = pf->fdb[--pf->n_fdb];
	return 0;
}

static int run_feature(struct fake_pf *pf, const struct step *s)
{
	for (unsigned i = 0; i < FAKE_FEATURES; i++)
		if (strcmp(fake_features[i], s->item) == 0) {
			pf->features &= ~(1u << i);
			pf->features |= (s->after.n != 0) << i;
			return 0;
		}
	return -EINVAL;
}

static int run_setting(struct fake_pf *pf, const struct step *s)
{
	switch (step_kind_setting(s->kind)) {
	case PFSET_ESWITCH:
		if (!pf->eswitch || pf->n)
			return -EOPNOTSUPP;
		pf->eswitch = s->after.n ? ESWITCH_SWITCHDEV : ESWITCH_LEGACY;
		return 0;
	case PFSET_MTU:
		pf->mtu = (unsigned)s->after.n;
		return 0;
	case PFSET_FEATURES:
		return run_feature(pf, s);
	case PFSET_FDB:
		return run_fdb(pf, s);
	case _PFSET_MAX:
		break;
	}
	return -EINVAL;
}

/* As QEMU's controller: going offline takes all resources, and without some none goes online. */
static int run_nvme(const struct fake_pf *pf, struct fake_vf *vf, const struct step *s)
{
	uint64_t sum = s->after.n;

	if (!pf->flexible || vf->driver[0])
		return -EREMOTEIO;
	if (s->attr == VF_ONLINE) {
		if (s->after.n && (vf->attr[VF_VQ_RESOURCES] < 2 || !vf->attr[VF_VI_RESOURCES]))
			return -EREMOTEIO;
		if (!s->after.n)
			vf->attr[VF_VQ_RESOURCES] = vf->attr[VF_VI_RESOURCES] = 0;
		vf->attr[VF_ONLINE] = s->after.n;
		return 0;
	}
	for (unsigned i = 0; i < pf->n; i++)
		sum += &pf->vf[i] == vf ? 0 : pf->vf[i].attr[s->attr];
	if (vf->attr[VF_ONLINE] || s->after.n > 4 || sum > pf->flexible)
		return -EREMOTEIO;
	vf->attr[s->attr] = s->after.n;
	return 0;
}

static int run_attr(const struct fakehost *f, struct fake_pf *pf, const struct step *s)
{
	if (s->vf >= (int)pf->n)
		return -EINVAL;
	if (s->attr == VF_MSIX)
		return run_msix(pf, s);
	if (vf_attr(s->attr)->way == VF_BY_NVME)
		return run_nvme(pf, &pf->vf[s->vf], s);
	if (!pf->nic)
		return -EINVAL;
	if ((s->attr == VF_LINK_STATE && !pf->infiniband) || s->attr == VF_QUERY_RSS ||
		!vf_attr_is_of(s->attr, pf->infiniband ? VF_OF_INFINIBAND : VF_OF_ETHERNET))
		return -EOPNOTSUPP;
	if (s->attr == VF_MIN_TX_RATE || (s->attr == VF_MAX_TX_RATE && (!pf->up || s->pair)))
		return -EINVAL;
	if (s->attr == VF_TRUST && f->forgets_trust)
		return 0;
	pf->vf[s->vf].attr[s->attr] = s->after.n;
	return 0;
}

static int run_bind(struct fakehost *f, struct fake_pf *pf, struct fake_vf *vf, const char *driver)
{
	if (strcmp(vf->driver, driver) == 0)
		return 0;
	if (!is_registered(f, driver))
		return -ENOENT;
	if (vf->driver[0])
		return -EBUSY;
	if (strcmp(vf->override, driver) != 0 && (!pf->autoprobe || vf->override[0]))
		return -ENODEV;
	if (strcmp(driver, "vfio-pci") == 0 && !f->iommu)
		return -EINVAL;
	bind(vf, driver);
	return 0;
}

static int run_unbind(struct fake_vf *vf, const char *driver)
{
	if (strcmp(vf->driver, driver) != 0)
		return -ENODEV;
	wait_for_holder(vf);
	set_name(vf->driver, NULL);
	set_name(vf->name, NULL); /* its interface goes, and a new one is named anew */
	return 0;
}

static bool has_name(const struct fakehost *f, const char *name)
{
	for (unsigned p = 0; p < f->n_pfs; p++)
		for (unsigned i = 0; i < f->pf[p].n; i++)
			if (strcmp(f->pf[p].vf[i].name, name) == 0)
				return true;
	return strcmp(f->bridge, name) == 0;
}

static int run_name(
	const struct fakehost *f, const struct fake_pf *pf, struct fake_vf *vf, const char *name)
{
	char usual[FAKE_NAME];

	if (strcmp(vf->driver, "igbvf") != 0)
		return -ENODEV;
	if (strcmp(vf->name, name) == 0)
		return 0;
	if (has_name(f, name))
		return -EEXIST;
	default_name(usual, pf, (unsigned)(vf - pf->vf));
	set_name(vf->name, strcmp(name, usual) == 0 ? NULL : name);
	return 0;
}

/* The PF itself gets another driver; autoprobe is about VFs and has no say. */
static int run_whole(const struct fakehost *f, struct fake_pf *pf, const struct step *s)
{
	const char *own = pf->nic ? "igb" : "nvme", *now = pf->driver[0] ? pf->driver : own;
	pid_t parent = getppid();

	if (s->kind == STEP_VF_OVERRIDE) {
		set_name(pf->override, s->after.s);
		return 0;
	}
	if (s->kind == STEP_VF_UNBIND) {
		if (strcmp(now, s->before.s) != 0)
			return -ENODEV;
		while (*(const volatile bool *)&pf->held && getppid() == parent)
			usleep(5000);
		set_name(pf->driver, VF_DRIVER_NONE);
		return 0;
	}
	if (strcmp(now, s->after.s) == 0)
		return 0;
	if (strcmp(now, VF_DRIVER_NONE) != 0)
		return -EBUSY;
	if (strcmp(s->after.s, own) != 0 && !is_registered(f, s->after.s))
		return -ENOENT;
	if (strcmp(pf->override[0] ? pf->override : own, s->after.s) != 0)
		return -ENODEV;
	set_name(pf->driver, strcmp(s->after.s, own) == 0 ? NULL : s->after.s);
	return 0;
}

static struct fake_pf *find_pf(struct fakehost *f, struct pciaddr addr)
{
	for (unsigned i = 0; i < f->n_pfs; i++)
		if (pciaddr_cmp(f->pf[i].addr, addr) == 0)
			return &f->pf[i];
	return NULL;
}

static int run_step(struct fakehost *f, struct fake_pf *pf, const struct step *s)
{
	struct fake_vf *vf = s->vf >= 0 && s->vf < (int)pf->n ? &pf->vf[s->vf] : NULL;

	if (s->vf >= 0 && !vf)
		return -ENODEV;
	if (s->vf < 0 && step_unit(s) == UNIT_DRIVER)
		return run_whole(f, pf, s);
	switch (s->kind) {
	case STEP_LOAD_DRIVER:
		return run_load(f, s->after.s);
	case STEP_PF_RA:
		pf->no_ra = !s->after.n;
		return 0;
	case STEP_PF_UP:
		pf->up = s->after.n;
		return 0;
	case STEP_PF_ESWITCH:
	case STEP_PF_MTU:
	case STEP_PF_FEATURE:
	case STEP_PF_FDB:
		return run_setting(pf, s);
	case STEP_AUTOPROBE:
		pf->autoprobe = s->after.n;
		return 0;
	case STEP_VFS_REMOVE:
	case STEP_VFS_CREATE:
		return run_numvfs(f, pf, s->after.n);
	case STEP_VF_UNBIND:
		return run_unbind(vf, s->before.s);
	case STEP_VF_ATTR:
		return run_attr(f, pf, s);
	case STEP_VF_OVERRIDE:
		set_name(vf->override, s->after.s);
		return 0;
	case STEP_VF_BIND:
		return run_bind(f, pf, vf, s->after.s);
	case STEP_VF_NAME:
		return run_name(f, pf, vf, s->after.s);
	case STEP_FILE:
		return -EINVAL;
	case _STEP_KIND_MAX:
		break;
	}
	return -EINVAL;
}

/* A text that a test's fake has no room for is a fault of the test. */
static int run_file(struct fakehost *f, const struct step *s)
{
	const char *text = s->after.s ? s->after.s : "";

	if (strlen(text) >= FAKE_TEXT)
		abort();
	strcpy(f->file[s->file], text);
	f->unloaded[s->file] = f->writes == f->kill_in;
	return 0;
}

/* Runs S as number f->writes of all. */
static int run_one(struct fakehost *f, struct fake_pf *pf, const struct step *s)
{
	int r;

	if (f->writes == f->kill_at)
		raise(SIGKILL);
	if (f->writes == f->hang_at)
		wait_for_end();
	if (f->fail_at && f->writes >= f->fail_at && f->writes <= f->fail_at + f->fail_more)
		return f->fail_errno;
	r = pf ? run_step(f, pf, s) : run_file(f, s);
	if (f->writes == f->kill_in)
		raise(SIGKILL);
	return r;
}

static int fake_run(struct host *h, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res)
{
	struct fakehost *f = (struct fakehost *)h;
	struct fake_pf *fake = pf->host ? NULL : find_pf(f, pf->addr);
	int first = 0;

	for (size_t i = 0; i < n; i++) {
		f->writes++;
		res[i].code = run_one(f, fake, &steps[i]);
		if (res[i].code < 0)
			err_set(&res[i].err, res[i].code, "%s", err_name(res[i].code));
		if (first == 0)
			first = res[i].code;
	}
	return first;
}

/* What run_load() can load; the others it has are registered. */
static enum facts_state fake_find_module(struct host *h _unused_, const char *driver)
{
	return strcmp(driver, "vfio-pci") == 0 || strcmp(driver, "igbvf") == 0 ? MODULE_AVAILABLE
									       : MODULE_ABSENT;
}

static void fake_close(struct host *h)
{
	fake_free((struct fakehost *)h);
}

struct fakehost *fake_new(unsigned n)
{
	static const struct host_ops ops = { fake_scan, fake_run, fake_find_module, fake_close };
	struct fakehost *f = mmap(
		NULL, sizeof(*f), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (f == MAP_FAILED)
		abort();
	f->host.ops = &ops;
	f->n_pfs = n;
	f->driver = "igb";
	f->iommu = true;
	for (unsigned i = 0; i < n; i++)
		f->pf[i] = (struct fake_pf){ .addr = { 0, (uint8_t)(i + 1), 0 },
			.total = 7,
			.autoprobe = true,
			.nic = true,
			.mtu = 1500,
			.features = 1,
			.eswitch = ESWITCH_LEGACY,
			.mac = 0x525400010000 + i + 1 };
	return f;
}

void fake_free(struct fakehost *f)
{
	munmap(f, sizeof(*f));
}

static void diff_vf(
	const struct fake_vf *a, const struct fake_vf *b, unsigned p, unsigned i, struct buf *out)
{
	if (strcmp(a->driver, b->driver) != 0)
		buf_addf(out, "pf %u vf %u driver '%s' '%s'\n", p, i, a->driver, b->driver);
	if (strcmp(a->override, b->override) != 0)
		buf_addf(out, "pf %u vf %u override '%s' '%s'\n", p, i, a->override, b->override);
	if (strcmp(a->name, b->name) != 0)
		buf_addf(out, "pf %u vf %u name '%s' '%s'\n", p, i, a->name, b->name);
	for (unsigned id = 0; id < _VF_ATTR_MAX; id++)
		if (a->attr[id] != b->attr[id])
			buf_addf(out, "pf %u vf %u %s %llx %llx\n", p, i, vf_attr(id)->key,
				(unsigned long long)a->attr[id], (unsigned long long)b->attr[id]);
}

void fake_diff(const struct fakehost *a, const struct fakehost *b, struct buf *out)
{
	for (unsigned p = 0; p < a->n_pfs; p++) {
		const struct fake_pf *x = &a->pf[p], *y = &b->pf[p];

		if (x->n != y->n || x->autoprobe != y->autoprobe || x->up != y->up ||
			x->no_ra != y->no_ra)
			buf_addf(out, "pf %u: n %u %u autoprobe %d %d up %d %d\n", p, x->n, y->n,
				x->autoprobe, y->autoprobe, x->up, y->up);
		if (x->mtu != y->mtu || x->features != y->features || x->eswitch != y->eswitch ||
			x->n_fdb != y->n_fdb)
			buf_addf(out, "pf %u: mtu %u %u features %x %x eswitch %d %d fdb %u %u\n",
				p, x->mtu, y->mtu, x->features, y->features, x->eswitch, y->eswitch,
				x->n_fdb, y->n_fdb);
		if (strcmp(x->driver, y->driver) != 0)
			buf_addf(out, "pf %u driver '%s' '%s'\n", p, x->driver, y->driver);
		if (strcmp(x->override, y->override) != 0)
			buf_addf(out, "pf %u override '%s' '%s'\n", p, x->override, y->override);
		for (unsigned i = 0; i < FAKE_VFS; i++)
			diff_vf(&x->vf[i], &y->vf[i], p, i, out);
	}
	for (enum genfile i = 0; i < _GENFILE_MAX; i++) {
		if (strcmp(a->file[i], b->file[i]) != 0)
			buf_addf(out, "%s:\n%s\n%s\n", genfile(i)->kind, a->file[i], b->file[i]);
		if (a->unloaded[i] != b->unloaded[i])
			buf_addf(out, "%s: unloaded %d %d\n", genfile(i)->kind, a->unloaded[i],
				b->unloaded[i]);
	}
}
