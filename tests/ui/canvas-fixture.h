/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "canvas/heddle-canvas.h"

G_BEGIN_DECLS

/*
 * The canvas under a real pointer and real keys: xdotool moves what a person would, the document
 * says whether it worked. The window fills the screen, so its coordinates are those of the screen.
 */
typedef struct
{
  GtkWidget *window;
  HeddleCanvas *canvas;
  HeddleDocument *document;
  GString *log; /* of signals */
} Fixture;

/* On a busy machine an event takes its time; what never comes still fails. */
#define assert_soon(condition)                      \
  G_STMT_START                                      \
  {                                                 \
    for (guint n = 0; n < 300 && !(condition); n++) \
      canvas_test_settle (10);                      \
    g_assert_true (condition);                      \
  }                                                 \
  G_STMT_END

void canvas_test_settle (guint milliseconds);
void canvas_test_drive (const char *command);
void canvas_test_move_to (double x, double y);
void canvas_test_drag (double x1, double y1, double x2, double y2, const char *button);
void canvas_test_click (double x, double y);
void canvas_test_get_center (Fixture *f, const char *id, double *x, double *y);
void canvas_test_get_port (Fixture *f, const char *id, gboolean output, const char *port, double *x, double *y);
const HeddleNode *canvas_test_find_node (Fixture *f, const char *id);
guint canvas_test_count_nodes (Fixture *f);
guint canvas_test_count_edges (Fixture *f);
/* The workflow as text, and whether it is still the same. */
char *canvas_test_dup_json (Fixture *f);
gboolean canvas_test_is_unchanged (Fixture *f, const char *before);
void canvas_test_screenshot (Fixture *f, const char *name);
void canvas_test_add_node (Fixture *f, const char *type, const char *id, const char *title, double x, double y);
void canvas_test_connect_nodes (Fixture *f, const char *from, const char *from_port, const char *to, const char *to_port);
void canvas_test_set_up (Fixture *f, gconstpointer data);
void canvas_test_tear_down (Fixture *f, gconstpointer data);
void canvas_test_init (int *argc, char ***argv);

G_END_DECLS
