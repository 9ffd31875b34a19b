/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the host cannot do without: the one judgement, and its words, for whoever is about to take a
 * function from it. Nobody's consent makes up for it.
 */
#pragma once

#include "base/buf.h"
#include "core/inventory.h"

/*
 * Appends why the host cannot do without D, as what follows D's name, with what to do about it:
 * "carries the root file system (sda2): …". Returns whether it cannot; B is untouched if it can.
 * What D has itself is the reason, else what another device of its IOMMU group has, which no driver
 * of the host could keep once a guest has D.
 */
bool vital_text(const struct inventory *inv, const struct dev *d, struct buf *b);
