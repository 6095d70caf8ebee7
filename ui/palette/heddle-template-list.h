/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * The templates of the store, by name, read anew when anybody changes them. Signal "changed" (). UI thread.
 */
#define HEDDLE_TYPE_TEMPLATE_LIST (heddle_template_list_get_type ())
G_DECLARE_FINAL_TYPE (HeddleTemplateList, heddle_template_list, HEDDLE, TEMPLATE_LIST, GObject)

HeddleTemplateList *heddle_template_list_new (HeddleStore *store) G_GNUC_WARN_UNUSED_RESULT;
/* Reads them, and hears of what is written to the store from now on; FALSE: does not any more. */
void heddle_template_list_follow (HeddleTemplateList *self, gboolean follow);
/* Of HeddleTemplateInfo; borrowed until it changes. */
GPtrArray *heddle_template_list_get_all (HeddleTemplateList *self);
/* Borrowed; NULL: there is none. */
const HeddleTemplateInfo *heddle_template_list_find (HeddleTemplateList *self, const char *id);
const HeddleTemplateInfo *heddle_template_list_find_name (HeddleTemplateList *self, const char *name);

G_END_DECLS
