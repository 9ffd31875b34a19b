/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the value of each key of a policy looks like: for the policy's JSON Schema. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/attr.h"
#include "core/policy-keys.h"

enum policy_shape_kind {
	SHAPE_NONE,
	SHAPE_VERSION, /* the number of the language */
	SHAPE_BOOL,
	SHAPE_NUMBER,   /* min to max */
	SHAPE_COUNT,    /* min to max, or one of `words` */
	SHAPE_WORDS,    /* one of `words` */
	SHAPE_PATTERN,  /* a text that matches `pattern` */
	SHAPE_TEXT,     /* any text of at most max bytes (0: of any length) */
	SHAPE_GLOBS,    /* an array of such, not empty */
	SHAPE_SET,      /* an array of such, each once */
	SHAPE_SWITCHES, /* an object with a boolean for each key that matches `pattern` */
	SHAPE_VLAN,     /* min to max, or an object of OBJECT_VLAN */
	SHAPE_OBJECT,   /* an object of the kind `object` */
	SHAPE_LIST,     /* an array of such */
	SHAPE_RANGES,   /* an object with ranges of VFs as keys */
};

struct policy_shape {
	enum policy_shape_kind kind;
	const char *help; /* one line for people */
	uint64_t min, max;
	const char *const *words; /* NULL-terminated */
	const char *pattern;      /* as JSON Schema knows it (ECMA-262), anchored */
	enum policy_object object;
};

/* The patterns of the keys for one VF and for several, and of a `mac` that several can have. */
#define POLICY_VF_INDEX                                                                 \
	"(0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]" \
	"|6553[0-4])"
#define POLICY_PATTERN_VF      "^" POLICY_VF_INDEX "(-\\1)?$"
#define POLICY_PATTERN_RANGE   "^(?!([0-9]+)-\\1$)" POLICY_VF_INDEX "-" POLICY_VF_INDEX "$"
#define POLICY_PATTERN_ANY_MAC "^(auto|keep)$"

/* A text without control characters. */
#define POLICY_PATTERN_TEXT "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"

/* The shape of the value of the key ROW; SHAPE_NONE where there is none yet. */
struct policy_shape policy_shape(const struct policy_key_row *row);
