/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a policy that speaks of functions which are reserved as a whole. */
#include <string.h>

#include "core/policy-parse.h"
#include "core/quote.h"

/* Which drivers hold a function for guests; all VFIO drivers have "vfio" in their names. */
static bool is_for_guests(const char *driver)
{
	return strstr(driver, "vfio") || strcmp(driver, "pci-stub") == 0;
}

/* Without a driver it is the one that nearly everybody wants. */
static void complete_driver(struct parse *c)
{
	struct vf_policy *defaults = &c->pf->defaults;

	if (!vf_has(&defaults->attrs, VF_DRIVER)) {
		vf_set_s(&defaults->attrs, VF_DRIVER,
			mem_intern(c->policy->strings, VF_DRIVER_VFIO));
		defaults->at[VF_DRIVER] = c->pf->place;
	} else if (!is_for_guests(defaults->attrs.v[VF_DRIVER].s)) {
		diag_add(c->d, defaults->at[VF_DRIVER], -1,
			"driver %s does not hold a device for guests: give \"vfio-pci\", another "
			"driver with \"vfio\" in its name, or \"pci-stub\"",
			quote_text(defaults->attrs.v[VF_DRIVER].s).s);
	}
}

static void parse_device(struct parse *c, const struct doc_value *v)
{
	static const parse_fn fns[_KEY_MAX] = {
		[KEY_NOTE] = parse_note,
		[KEY_MATCH] = parse_match,
		[KEY_HOSTS] = parse_hosts,
		[KEY_ATTR] = parse_attr,
	};
	struct policy *p = c->policy;
	const struct doc_value *member;

	p->devices = mem_grow(p->devices, p->n_devices, sizeof(*p->devices));
	c->pf = &p->devices[p->n_devices++];
	c->vf = &c->pf->defaults;
	c->pf->place = c->pf->match_at = c->vf->place = doc_place(c->doc, v);
	parse_object(c, v, OBJECT_DEVICE, fns);
	if (v->type != DOC_OBJECT)
		return;
	for (member = doc_first(c->doc, v); member; member = doc_next(c->doc, member))
		if (member->key && strcmp(member->key, "match") == 0)
			break;
	if (!member)
		diag_add(c->d, c->pf->place, -1,
			"the key \"match\" is missing: which device is this for?");
	complete_driver(c);
}

void parse_devices(struct parse *c, const struct doc_value *v)
{
	if (v->type != DOC_ARRAY) {
		parse_wrong_type(c, v, "an array with one object for each device");
		return;
	}
	for (v = doc_first(c->doc, v); v; v = doc_next(c->doc, v))
		if (!v->bad)
			parse_device(c, v);
}
