/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * A part of the inspector that folds and remembers it. What is in a folded one need not be made yet: signal "opened" is told when it is
 * unfolded for the first time since it is there.
 */
#define HEDDLE_TYPE_INSPECTOR_SECTION (heddle_inspector_section_get_type ())
G_DECLARE_FINAL_TYPE (HeddleInspectorSection, heddle_inspector_section, HEDDLE, INSPECTOR_SECTION, AdwBin)

/* key: under which it is remembered whether it is unfolded, such as "llm/Sampling"; without that it is as expanded says. */
GtkWidget *heddle_inspector_section_new (const char *title, const char *key, gboolean expanded);
/* A list for rows; or any other widget with set_content. */
GtkListBox *heddle_inspector_section_get_list (HeddleInspectorSection *self);
void heddle_inspector_section_set_content (HeddleInspectorSection *self, GtkWidget *content);
/* A few words beside the title; NULL: none. */
void heddle_inspector_section_set_subtitle (HeddleInspectorSection *self, const char *subtitle);
gboolean heddle_inspector_section_get_expanded (HeddleInspectorSection *self);
/* Not the person's doing, so it is not remembered: a search, a problem. */
void heddle_inspector_section_reveal (HeddleInspectorSection *self, gboolean expanded);
/* As it was before it was revealed. */
void heddle_inspector_section_restore (HeddleInspectorSection *self);

G_END_DECLS
