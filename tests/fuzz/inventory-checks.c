/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds for every host, however it was read, and for all that is said of it. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "inventory-checks.h"
#include "render/check.h"
#include "render/groups.h"
#include "render/list.h"
#include "render/plan.h"
#include "render/problems.h"
#include "render/schema.h"
#include "render/show.h"
#include "render/status.h"

void must(bool holds)
{
	if (!holds)
		abort();
}

/* --- what holds for every inventory ----------------------------------------------------------- */

static bool is_index(int i, size_t n)
{
	return i >= -1 && (i < 0 || (size_t)i < n);
}

static void check_dev(const struct inventory *inv, size_t i)
{
	const struct dev *d = &inv->devs[i];

	must(i == 0 || pciaddr_cmp(d[-1].addr, d->addr) < 0);
	must(inventory_dev(inv, d->addr) == (int)i);
	must(is_index(d->pf, inv->n_pfs) && is_index(d->netdev, inv->n_netdevs));
	must(d->iommu_group >= -1 && d->numa_node >= -1 && d->class_code <= 0xffffff);
	must(is_index(d->facts.parent, inv->n_devs) && d->facts.ari >= -1 && d->facts.ari <= 1);
	must(d->facts.bus_first >= -1 && d->facts.bus_last >= -1 && d->facts.bus_last <= 255);
	must(d->vendor != 0 || d->addr.kind != PCIADDR_PCI);
	must(!d->driver || *d->driver);
	if (d->pf >= 0 && d->vf < 0)
		must(inv->pfs[d->pf].dev == (int)i);
	if (d->vf >= 0) {
		const struct vf *vf = d->pf < 0 ? NULL
						: inventory_vf(&inv->pfs[d->pf], (unsigned)d->vf);

		must(vf && vf->dev == (int)i);
	}
	if (d->netdev >= 0)
		must(inv->netdevs[d->netdev].dev == (int)i && !d->netdev_away);
}

static void check_pf(const struct inventory *inv, const struct pf *pf)
{
	must(pf == inv->pfs || pf[-1].dev < pf->dev);
	must(pf->dev >= 0 && (size_t)pf->dev < inv->n_devs && pf->total_vfs > 0);
	must(inv->devs[pf->dev].vf < 0 && &inv->pfs[inv->devs[pf->dev].pf] == pf);
	for (size_t i = 0; i < pf->n_vfs; i++) {
		const struct vf *vf = &pf->vfs[i];

		must(i == 0 || vf[-1].index < vf->index);
		must(vf->dev >= 0 && (size_t)vf->dev < inv->n_devs && vf->dev != pf->dev);
		must(inv->devs[vf->dev].vf == (int)vf->index);
		must(&inv->pfs[inv->devs[vf->dev].pf] == pf);
	}
}

static void check_facts(const struct facts *f)
{
	must(f->irq_remap <= REMAP_ON && f->n_lines <= FACTS_LINES_MAX);
	for (size_t i = 0; i < f->n_modules; i++) {
		must(f->modules[i].state <= MODULE_LOADED);
		must(i == 0 || strcmp(f->modules[i - 1].name, f->modules[i].name) < 0);
	}
	for (size_t i = 0; i < f->n_params; i++)
		must(*f->params[i].module && *f->params[i].name && f->params[i].value);
	for (size_t i = 0; i < f->n_regions; i++) {
		must(f->regions[i].group >= 0);
		must(i == 0 || f->regions[i - 1].group <= f->regions[i].group);
	}
	for (size_t i = 0; i < f->n_lines; i++)
		must(f->lines[i].who < _WRITER_MAX && *f->lines[i].file && f->lines[i].text);
	for (size_t i = 0; i < f->n_unread; i++)
		must(*f->unread[i].file && f->unread[i].error > 0);
}

static void check_model(const struct inventory *inv)
{
	check_facts(&inv->facts);
	must(inv->hostname && inv->kernel);
	for (size_t i = 0; i < inv->n_devs; i++)
		check_dev(inv, i);
	for (size_t i = 0; i < inv->n_pfs; i++)
		check_pf(inv, &inv->pfs[i]);
	for (size_t i = 0; i < inv->n_netdevs; i++) {
		const struct netdev *n = &inv->netdevs[i];

		must(n->ifindex > 0 && (i == 0 || n[-1].ifindex <= n->ifindex));
		must(*n->name && is_index(n->dev, inv->n_devs));
	}
	for (size_t i = 1; i < inv->n_drivers; i++)
		must(strcmp(inv->drivers[i - 1], inv->drivers[i]) < 0);
}

/* --- what holds for every output -------------------------------------------------------------- */

/* Lines of valid UTF-8; json_stringn() takes nothing else. */
static void check_lines(const char *s)
{
	size_t len = strlen(s);
	json_t *text = json_stringn(s, len);

	must(text && (len == 0 || s[len - 1] == '\n'));
	json_decref(text);
}

/* And without control characters. */
void check_text(struct buf *b)
{
	const char *s = buf_text(b);

	check_lines(s);
	for (size_t i = 0; s[i]; i++) {
		unsigned char c = (unsigned char)s[i];

		must((c >= 0x20 && c != 0x7f) || c == '\n');
		must(c != 0xc2 || (unsigned char)s[i + 1] >= 0xa0); /* U+0080 to U+009f */
	}
	buf_done(b);
}

/* The parser knows what control characters JSON may not have. */
static void check_json(struct buf *b)
{
	json_t *json = json_loads(buf_text(b), JSON_REJECT_DUPLICATES, NULL);

	must(json_is_object(json) && json_is_integer(json_object_get(json, "version")));
	check_lines(buf_text(b));
	json_decref(json);
	buf_done(b);
}

static void check_lists(const struct inventory *inv)
{
	static const struct list_options list;
	static const struct groups_options groups;
	struct buf b = { 0 };

	list_text(&b, inv, &list);
	check_text(&b);
	list_json(&b, inv, &list);
	check_json(&b);
	groups_text(&b, inv, &groups);
	check_text(&b);
	groups_json(&b, inv, &groups);
	check_json(&b);
}

static void check_show(const struct inventory *inv, size_t dev)
{
	static const struct show_names names;
	struct buf b = { 0 };

	show_text(&b, inv, dev, &names, (struct screen){ 0 });
	check_text(&b);
	show_json(&b, inv, dev, &names);
	check_json(&b);
}

/* Each is long, and of the same make. */
#define SCHEMAS_MAX 2

static void check_schema(const struct inventory *inv, size_t pf)
{
	struct buf b = { 0 };

	schema_pf_text(&b, inv, pf, (struct screen){ 0 });
	check_text(&b);
	schema_pf_json(&b, inv, pf);
	check_json(&b);
}

/* What is wrong has a next step, and nothing else has. */
static void check_checks(const struct check_input *in)
{
	struct check_report *r;
	struct buf b = { 0 };

	if (!in->inv->facts.known)
		return;
	r = check_run(in);
	for (size_t i = 0; i < r->n; i++) {
		enum check_verdict v = r->results[i].verdict;

		must((r->results[i].next != NULL) == (v == CHECK_WARN || v == CHECK_FAIL));
	}
	checks_text(&b, r, false);
	check_text(&b);
	checks_json(&b, r, in->inv->hostname);
	check_json(&b);
	check_report_free(r);
}

/* --- a plan ----------------------------------------------------------------------------------- */

static const char *const policies[] = {
	"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"},"
	"\"vfs\": 2, \"defaults\": {\"driver\": \"vfio-pci\", \"trust\": true},"
	"\"vf\": {\"1\": {\"driver\": \"igbvf\", \"name\": \"lxc0\", \"vlan\": 100,"
	"\"mac\": \"52:54:00:11:22:33\"}}}]}",

	"{\"version\": 1, \"pfs\": [{\"match\": {\"interface\": \"*\", \"many\": true},"
	"\"vfs\": \"max\", \"defaults\": {\"spoofchk\": false}, \"vf\": {\"0\": {\"mac\": "
	"\"auto\"}}}]}",

	"{\"version\": 1, \"pfs\": [{\"match\": {\"driver\": \"igb\", \"many\": true},"
	"\"autoprobe\": false, \"vf\": {\"0-2\": {\"driver\": \"none\", \"mac\": \"keep\"}}},"
	"{\"match\": {\"address\": \"0000:01:00.1\"}, \"vfs\": 0},"
	"{\"match\": {\"driver\": \"nvme\"}, \"vfs\": 2, \"defaults\": {\"driver\": \"none\"}}]}",
};

void check_problems(const struct diag *d)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < d->n; i++) {
		problem_text(&b, &d->problems[i]);
		buf_add(&b, "\n");
		check_text(&b);
	}
	problems_json(&b, d, NULL);
	check_json(&b);
}

static void check_steps(const struct inventory *inv, const struct plan_pf *pf)
{
	int dev = inventory_dev(inv, pf->addr);
	_cleanup_(buf_done) struct buf why = { 0 };

	must(dev >= 0 && inv->devs[dev].vf < 0 && inv->devs[dev].pf >= 0);
	for (size_t i = 0; i < pf->n_steps; i++) {
		must(i == 0 || step_cmp(&pf->steps[i - 1], &pf->steps[i]) <= 0);
		must(pf->steps[i].vf < (int)UINT16_MAX);
	}
	if (plan_refusal(pf, (struct consent){ false, false }, &why))
		must(why.len > 0);
}

static void check_plan(const struct inventory *inv, const struct policy *policy)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	struct want *want = want_make(policy, inv, &d);
	struct plan *plan = plan_make(want, inv);
	struct buf b = { 0 };

	for (size_t i = 0; i < plan->n_pfs; i++)
		check_steps(inv, &plan->pfs[i]);
	plan_text(&b, plan);
	check_text(&b);
	plan_json(&b, plan, NULL);
	check_json(&b);
	status_text(&b, plan, (struct screen){ 0 });
	check_text(&b);
	status_json(&b, plan, NULL);
	check_json(&b);
	check_problems(&d);
	check_checks(&(struct check_input){ .inv = inv,
		.policy_read = true,
		.unfit = &d,
		.policy = policy,
		.want = want,
		.plan = plan });
	plan_free(plan);
	want_free(want);
}

static void check_plans(const struct inventory *inv)
{
	static struct policy *parsed[ARRAY_SIZE(policies)];

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		_cleanup_(diag_done) struct diag d = { 0 };

		if (!parsed[i]) {
			parsed[i] = policy_new();
			policy_parse(parsed[i], "p", policies[i], strlen(policies[i]), &d);
			policy_check(parsed[i], &d);
			must(d.n == 0);
		}
		check_plan(inv, parsed[i]);
	}
}

void check_inventory(const struct inventory *inv)
{
	check_model(inv);
	check_lists(inv);
	for (size_t i = 0; i < inv->n_devs; i++)
		check_show(inv, i);
	for (size_t i = 0; i < inv->n_pfs && i < SCHEMAS_MAX; i++)
		check_schema(inv, i);
	check_checks(&(struct check_input){ .inv = inv });
	check_plans(inv);
}
