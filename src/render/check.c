/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `check` shows. */
#include <ctype.h>
#include <string.h>

#include "render/check.h"
#include "render/jsonout.h"
#include "render/text.h"

#define SGR_OFF "\033[0m"

static const char *const sgr[_CHECK_VERDICT_MAX] = {
	[CHECK_PASS] = "\033[32m",
	[CHECK_WARN] = "\033[33m",
	[CHECK_FAIL] = "\033[31m",
	[CHECK_SKIP] = "\033[2m",
};

static void add_verdict(struct buf *b, enum check_verdict v, bool colour)
{
	if (colour)
		buf_add(b, sgr[v]);
	for (const char *s = check_verdict_name(v); *s; s++)
		buf_addf(b, "%c", toupper((unsigned char)*s));
	if (colour)
		buf_add(b, SGR_OFF);
}

/* The width of the column with the checks' names. */
static size_t id_width(void)
{
	const struct check_row *rows;
	size_t n = check_rows(&rows), width = 0;

	for (size_t i = 0; i < n; i++)
		if (strlen(rows[i].id) > width)
			width = strlen(rows[i].id);
	return width;
}

static void add_result(struct buf *b, const struct check_result *r, size_t width, bool colour)
{
	size_t start;

	add_verdict(b, r->verdict, colour);
	buf_add(b, "  ");
	start = b->len;
	buf_add(b, r->row->id);
	buf_pad(b, start, width + 2, ' ');
	if (r->file) {
		text_escape(b, r->file);
		if (r->line)
			buf_addf(b, ":%u", r->line);
		buf_add(b, ": ");
	}
	text_escape(b, r->text);
	buf_add(b, "\n");
	if (!r->next)
		return;
	buf_add(b, "      next: ");
	text_escape(b, r->next);
	buf_add(b, "\n");
}

void checks_text(struct buf *b, const struct check_report *r, bool colour)
{
	size_t width = id_width();

	for (size_t i = 0; i < r->n; i++)
		add_result(b, &r->results[i], width, colour);
	buf_addf(b, "%zu passed, %zu to look at, %zu failed, %zu skipped\n", r->count[CHECK_PASS],
		r->count[CHECK_WARN], r->count[CHECK_FAIL], r->count[CHECK_SKIP]);
}

static void result_json(struct jsonout *j, const struct check_result *r)
{
	jsonout_object(j, NULL);
	jsonout_text(j, "check", r->row->id);
	jsonout_text(j, "title", r->row->title);
	jsonout_text(j, "verdict", check_verdict_name(r->verdict));
	jsonout_text(j, "device", r->device);
	jsonout_text(j, "file", r->file);
	jsonout_index(j, "line", r->line ? (int)r->line : -1);
	jsonout_text(j, "text", r->text);
	jsonout_text(j, "next", r->next);
	jsonout_end(j);
}

void checks_json(struct buf *b, const struct check_report *r, const char *host)
{
	struct jsonout *j = jsonout_new();

	jsonout_text(j, "host", host);
	jsonout_object(j, "count");
	for (enum check_verdict v = 0; v < _CHECK_VERDICT_MAX; v++)
		jsonout_number(j, check_verdict_name(v), (int64_t)r->count[v]);
	jsonout_end(j);
	jsonout_array(j, "results");
	for (size_t i = 0; i < r->n; i++)
		result_json(j, &r->results[i]);
	jsonout_end(j);
	jsonout_finish(j, b);
}
