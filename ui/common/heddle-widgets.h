/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What several panels build or do in the same way. Widgets are floating. */

/* A label at the start of its line; css_class may be NULL. */
GtkWidget *heddle_label_new (const char *text, const char *css_class);
/* A row with two lines of plain text: no markup, no underlines. */
GtkWidget *heddle_plain_row_new (const char *title, const char *subtitle);
/* A flat button for a row or a bar; the tooltip is also what a screen reader says. */
GtkWidget *heddle_flat_button_new (const char *icon_name, const char *tooltip);
/* An empty editor of plain text for such a row; Tab leaves it, as it leaves every other row. */
GtkWidget *heddle_text_view_new (void);
/* A preferences row with a caption above a text view that grows from min_height to max_height. */
GtkWidget *heddle_text_row_new (const char *title, GtkWidget *text_view, int min_height, int max_height);
/* For "closed" of a popover that is used once: takes it from its parent, after what was chosen in it has been activated. */
void heddle_popover_drop (GtkWidget *popover);
/* For "stop-search": Esc empties the search, and closes its window where nothing is searched for. */
void heddle_search_stop (GtkSearchEntry *search);
/* A list and what is chosen in it: side by side, or in a narrow window one above the other. */
void heddle_paned_fold (GtkPaned *paned, gboolean folded);

void heddle_list_box_clear (GtkListBox *list);
/* Sets the text (NULL: "") unless it is shown already, so that the cursor stays where it is. */
void heddle_editable_set_text (GtkEditable *editable, const char *text);

/*
 * A scrolled window that is as high as its child would be if none of its lines were broken cuts off those that are. Makes it
 * as high as the child is in this width, but neither higher than that nor than the window has room for.
 */
void heddle_scroller_fit_height (GtkScrolledWindow *scroller, int width, int max_height);

G_END_DECLS
