/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl show`: everything about one device. */
#include "render/show.h"
#include "cli/device.h"
#include "cli/session.h"
#include "host/names.h"

static void render(const struct session *s, size_t dev, struct buf *b)
{
	const struct dev *d = &s->inv->devs[dev];
	struct names *db = names_new();
	char device[256], class[128];
	struct show_names names = {
		.device = names_device(db, d, device, sizeof(device)),
		.class = names_class(db, d, class, sizeof(class)),
	};

	if (s->cli->json)
		show_json(b, s->inv, dev, &names);
	else
		show_text(b, s->inv, dev, &names, s->cli->screen);
	names_free(db);
}

static int show(struct session *s)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	int status, dev;

	if (s->cli->n_args == 0) {
		cli_error("show takes a device: an address like 0000:01:00.0 or the name of an "
			  "interface");
		return STATUS_USAGE;
	}
	status = session_open_host(s);
	if (status == STATUS_OK)
		status = session_scan(s, SCAN_VF_ATTRS | SCAN_NVME | SCAN_HOST_DRIVER | SCAN_PATHS |
						 SCAN_SLOTS | SCAN_USERS | SCAN_MSIX |
						 SCAN_SETTINGS);
	if (status != STATUS_OK)
		return status;
	dev = device_find(s->inv, s->cli->args[0]);
	if (dev < 0)
		return STATUS_FAILED;
	render(s, (size_t)dev, &b);
	return cli_output(&b, STATUS_OK);
}

static int show_main(const struct cli *cli)
{
	return session_run(cli, show);
}

const struct verb verb_show = {
	.name = "show",
	.args = "DEVICE",
	.help = "show everything about one PF or VF",
	.description = "DEVICE is an address, with or without its domain, or the name of an\n"
		       "interface. What is not known, or not reported by the driver, is shown\n"
		       "as \"-\". The VFs of a PF follow as in `list`.",
	.options = OPT_ROOT | OPT_HOST | OPT_JSON,
	.max_args = 1,
	.run = show_main,
};
