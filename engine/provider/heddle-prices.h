/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"
#include "provider/heddle-price.h"

G_BEGIN_DECLS

/*
 * What models cost: entries of one's own, and a list that was imported. Own ones come first and are kept when a
 * list is imported anew. A name is a model reference, "openai/gpt-4o-mini"; an own one may end in "*" and then holds for all that begin
 * so, the longest first. Nothing is built in: prices that are shipped are wrong before they are read. Thread-safe. Read from the
 * settings when first asked.
 */
#define HEDDLE_TYPE_PRICES (heddle_prices_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePrices, heddle_prices, HEDDLE, PRICES, GObject)

HeddlePrices *heddle_prices_new (HeddleStore *store) G_GNUC_WARN_UNUSED_RESULT; /* NULL: nothing is kept */

/*
 * Own entry, else free for the demo and for servers on this machine, else the imported list by reference, by the host of
 * base_url (NULL: unknown) and the model, and without the date at its end. FALSE when nothing is known; then *price is unknown.
 */
gboolean heddle_prices_lookup (HeddlePrices *self, const char *reference, const char *base_url, HeddlePrice *price);

typedef struct
{
  char *name;
  HeddlePrice price;
  gboolean imported;
} HeddlePriceEntry;
/* All that are valid, by name; an own entry hides the imported one. */
GPtrArray *heddle_prices_list (HeddlePrices *self) G_GNUC_WARN_UNUSED_RESULT;
/* Day of the imported list, "2026-11-22", of the import; NULL: none was. */
char *heddle_prices_dup_imported_date (HeddlePrices *self) G_GNUC_WARN_UNUSED_RESULT;

/* Sets an own entry; HEDDLE_ERROR_INVALID when the name is no reference. */
gboolean heddle_prices_set (HeddlePrices *self, const char *name, const HeddlePrice *price, GError **error);
/* Removes the own entry of this name, else the imported one. HEDDLE_ERROR_NOT_FOUND. */
gboolean heddle_prices_remove (HeddlePrices *self, const char *name, GError **error);
/*
 * Replaces the imported list by one in the format of LiteLLM's model_prices_and_context_window.json. Entries that make no
 * sense are left out; HEDDLE_ERROR_INVALID when none is left. n_imported may be NULL. Takes some ten milliseconds.
 */
gboolean heddle_prices_import (HeddlePrices *self, const char *text, gssize length, guint *n_imported, GError **error);

G_END_DECLS
