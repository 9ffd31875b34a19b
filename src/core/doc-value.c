/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of a JSON text as what a reader expects there. */
#include "core/doc-value.h"

void doc_wrong_type(
	const struct doc *doc, const struct doc_value *v, const char *wanted, struct diag *d)
{
	_cleanup_(buf_done) struct buf is = { 0 };

	doc_describe(&is, v);
	diag_add(d, doc_place(doc, v), -1, "must be %s, not %s", wanted, buf_text(&is));
}

bool doc_read_bool(const struct doc *doc, const struct doc_value *v, bool *ret, struct diag *d)
{
	if (v->type == DOC_BOOL) {
		*ret = v->n;
		return true;
	}
	doc_wrong_type(doc, v, "true or false", d);
	return false;
}

bool doc_read_number(const struct doc *doc, const struct doc_value *v, uint64_t min, uint64_t max,
	uint64_t *ret, struct diag *d)
{
	_cleanup_(buf_done) struct buf wanted = { 0 };

	if (v->type != DOC_INTEGER) {
		buf_addf(&wanted, "a whole number in %llu..%llu", (unsigned long long)min,
			(unsigned long long)max);
		doc_wrong_type(doc, v, buf_text(&wanted), d);
		return false;
	}
	if (v->n < 0 || (uint64_t)v->n < min || (uint64_t)v->n > max) {
		diag_add(d, doc_place(doc, v), -1, "%lld is not in %llu..%llu", (long long)v->n,
			(unsigned long long)min, (unsigned long long)max);
		return false;
	}
	*ret = (uint64_t)v->n;
	return true;
}

bool doc_read_string(
	const struct doc *doc, const struct doc_value *v, const char **ret, struct diag *d)
{
	if (v->type == DOC_STRING) {
		*ret = v->s;
		return true;
	}
	doc_wrong_type(doc, v, "a string", d);
	return false;
}
