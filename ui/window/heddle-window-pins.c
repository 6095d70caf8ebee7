/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include <glib/gi18n-lib.h>

/* Pinning the outputs of several nodes at once, as one step. */

/* What the node gave in the run that is looked at; NULL: nothing. Borrowed. */
static JsonNode *
get_result (HeddleSession *session,
            const char *id)
{
  HeddleTrace *trace = heddle_session_get_trace (session);
  HeddleSpan *span = trace != NULL ? heddle_trace_find_node (trace, id) : NULL;

  return span != NULL ? heddle_span_get_attribute (span, "result") : NULL;
}

static gboolean
is_pinned (HeddleSession *session,
           const char *id)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_session_get_graph (session), id);

  return node != NULL && node->pin != NULL;
}

static gboolean
can_be_pinned (HeddleSession *session,
               const char *id)
{
  return heddle_graph_find_node (heddle_session_get_graph (session), id) != NULL && !is_pinned (session, id) && get_result (session, id) != NULL;
}

static guint
pin_all (HeddleSession *session,
         const char *const *ids)
{
  HeddleDocument *document = heddle_session_get_document (session);
  guint n = 0;

  heddle_document_begin (document, _ ("Pin Outputs"));
  for (guint i = 0; ids[i] != NULL; i++)
    {
      if (!can_be_pinned (session, ids[i]))
        continue;
      heddle_document_set_pin (document, ids[i], get_result (session, ids[i]));
      n++;
    }
  heddle_document_end (document);
  return n;
}

static guint
unpin_all (HeddleSession *session,
           const char *const *ids)
{
  HeddleDocument *document = heddle_session_get_document (session);
  guint n = 0;

  heddle_document_begin (document, _ ("Unpin Outputs"));
  for (guint i = 0; ids[i] != NULL; i++)
    {
      if (!is_pinned (session, ids[i]))
        continue;
      heddle_document_set_pin (document, ids[i], NULL);
      n++;
    }
  heddle_document_end (document);
  return n;
}

/* All are pinned that can be; when there is none left, all are unpinned. */
static void
pin_nodes_action (GtkWidget *widget,
                  const char *action,
                  GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);
  g_autofree const char **ids = g_variant_get_strv (parameter, NULL);
  g_autofree char *message = NULL;
  guint n;

  if (session == NULL)
    return;
  n = pin_all (session, ids);
  if (n > 0)
    message = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Pinned: runs in the window take this output of %u node.", "Pinned: runs in the window take these outputs of %u nodes.", n), n);
  else if (unpin_all (session, ids) == 0)
    message = g_strdup (_ ("These nodes have given nothing in the run that is shown. Run them first."));
  if (message != NULL)
    _heddle_window_tell (self, message);
}

void
_heddle_window_install_pin_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.pin-nodes", "as", pin_nodes_action);
}
