/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Sections of parameters: a list with a row for each that folds the rows of its parameters. */

/* section: a spec's, not translated. */
void heddle_param_sections_add (GtkListBox *list, const char *section, GtkWidget *row);
/* A folded section says what in it is not as usual. */
void heddle_param_sections_update (GtkListBox *list, const HeddleNode *node);
void heddle_param_sections_open (GtkListBox *list, const char *section);

G_END_DECLS
