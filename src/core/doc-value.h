/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of a JSON text as what a reader expects there. Each function returns whether V is one,
 * and if not, has complained in D.
 */
#pragma once

#include "core/doc.h"

/* Complains that V is not WANTED ("a string"). */
void doc_wrong_type(
	const struct doc *doc, const struct doc_value *v, const char *wanted, struct diag *d);

/* True or false, which goes to *RET. */
bool doc_read_bool(
	const struct doc *doc, const struct doc_value *v, bool *ret, struct diag *d) _must_check_;

/* A whole number in MIN..MAX. */
bool doc_read_number(const struct doc *doc, const struct doc_value *v, uint64_t min, uint64_t max,
	uint64_t *ret, struct diag *d) _must_check_;

/* A string, which lives as long as the document. */
bool doc_read_string(const struct doc *doc, const struct doc_value *v, const char **ret,
	struct diag *d) _must_check_;
