/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "palette/heddle-template-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * Asks for the name and the description of a template that is to be saved, or for another name of one that there is. Its response is
 * "save" or "cancel". It says when the name is taken: what is saved replaces that one, a rename cannot.
 */
#define HEDDLE_TYPE_TEMPLATE_DIALOG (heddle_template_dialog_get_type ())
G_DECLARE_FINAL_TYPE (HeddleTemplateDialog, heddle_template_dialog, HEDDLE, TEMPLATE_DIALOG, AdwMessageDialog)

/* suspects: HeddleProblem* of what looks like secrets in what is saved; NULL: only the name is asked for. */
GtkWidget *heddle_template_dialog_new (GtkWindow *parent, HeddleTemplateList *list, const HeddleTemplateInfo *info, GPtrArray *suspects);
/* Of what was typed; with the id, the type and the nodes of what it was made for. */
HeddleTemplateInfo *heddle_template_dialog_dup_info (HeddleTemplateDialog *self) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it was said that a template of that name is replaced. */
gboolean heddle_template_dialog_get_replaces (HeddleTemplateDialog *self);

G_END_DECLS
