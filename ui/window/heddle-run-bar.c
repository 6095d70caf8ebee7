/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-run-bar.h"

#include "common/heddle-widgets.h"
#include "common/heddle-wrap-layout.h"

#include <glib/gi18n-lib.h>

/* How often what another process records is read again. */
#define RELOAD_SECONDS 2

struct _HeddleRunBar
{
  GtkWidget parent_instance;

  GtkWidget *revealer;
  GtkWidget *icon;
  GtkLabel *label;
  GtkWidget *resume_button;
  GtkWidget *look_button;
  GtkWidget *discard_button;
  GtkWidget *continue_button;
  GtkWidget *go_on_button;
  GtkWidget *step_button;
  GtkWidget *stop_button;
  GtkWidget *close_button;

  HeddleSession *session;
  char *run;       /* that the bar speaks of, or NULL */
  char *dismissed; /* a run that it is not to speak of again, or NULL */
  guint reload_source;
};

G_DEFINE_FINAL_TYPE (HeddleRunBar, heddle_run_bar, GTK_TYPE_WIDGET)

typedef enum
{
  ABOUT_NOTHING,
  ABOUT_BREAK,
  ABOUT_PAUSE,
  ABOUT_OTHER_PROCESS,
  ABOUT_SHOWN_INTERRUPTED,
  ABOUT_INTERRUPTED,
  ABOUT_FAILED,
  ABOUT_STOPPED,
} Subject;

static gboolean
is_dismissed (HeddleRunBar *self,
              const char *run)
{
  return g_strcmp0 (self->dismissed, run) == 0;
}

static Subject
judge_shown (HeddleRunBar *self)
{
  const char *shown = heddle_trace_get_run_id (heddle_session_get_trace (self->session));

  if (is_dismissed (self, shown))
    return ABOUT_NOTHING;
  switch (heddle_session_get_base_state (self->session))
    {
    case HEDDLE_RUN_INTERRUPTED:
      return ABOUT_SHOWN_INTERRUPTED;
    case HEDDLE_RUN_FAILED:
      return ABOUT_FAILED;
    case HEDDLE_RUN_CANCELLED:
      return ABOUT_STOPPED;
    case HEDDLE_RUN_RUNNING:
    case HEDDLE_RUN_OK:
    default:
      return ABOUT_NOTHING;
    }
}

static const HeddleRunInfo *
get_newest_interrupted (HeddleRunBar *self)
{
  GPtrArray *runs = heddle_past_runs_get_interrupted (heddle_session_get_past_runs (self->session));

  return runs->len > 0 ? g_ptr_array_index (runs, 0) : NULL;
}

static Subject
judge (HeddleRunBar *self)
{
  HeddleTrace *trace = heddle_session_get_trace (self->session);
  gboolean running = heddle_session_is_running (self->session);
  const HeddleRunInfo *interrupted = get_newest_interrupted (self);
  Subject subject = ABOUT_NOTHING;

  if (heddle_session_get_pause_reason (self->session) != NULL)
    return heddle_session_get_next_node (self->session) != NULL ? ABOUT_BREAK : ABOUT_PAUSE;
  if (trace != NULL && heddle_session_get_base_state (self->session) == HEDDLE_RUN_RUNNING && !heddle_session_shows_live (self->session))
    return ABOUT_OTHER_PROCESS;
  if (running)
    return ABOUT_NOTHING;
  if (trace != NULL)
    subject = judge_shown (self);
  if (subject == ABOUT_NOTHING && interrupted != NULL && !is_dismissed (self, interrupted->id))
    return ABOUT_INTERRUPTED;
  return subject;
}

static gboolean
is_elsewhere (HeddleRunBar *self)
{
  const HeddleRunInfo *info = heddle_past_runs_find (heddle_session_get_past_runs (self->session), heddle_session_get_base_run (self->session));

  return info == NULL || info->is_elsewhere;
}

static char *
describe (HeddleRunBar *self,
          Subject subject)
{
  guint n = heddle_past_runs_get_interrupted (heddle_session_get_past_runs (self->session))->len;

  switch (subject)
    {
    case ABOUT_BREAK:
    case ABOUT_PAUSE:
      return g_strdup (heddle_session_get_pause_reason (self->session));
    case ABOUT_OTHER_PROCESS:
      return g_strdup (is_elsewhere (self) ? _ ("Another window or program is at this run. It is shown as far as it has been recorded, and cannot be changed here.")
                                           : _ ("This run goes on in the background. It is shown as far as it has been recorded."));
    case ABOUT_SHOWN_INTERRUPTED:
      return g_strdup (_ ("This run was interrupted. What had finished is kept."));
    case ABOUT_INTERRUPTED:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u run was interrupted and can go on.", "%u runs were interrupted and can go on.", n), n);
    case ABOUT_FAILED:
      return g_strdup (_ ("The run failed. Mend what is wrong and continue: what had finished is not done again."));
    case ABOUT_STOPPED:
      return g_strdup (_ ("The run was stopped. What had finished is kept."));
    case ABOUT_NOTHING:
    default:
      return g_strdup ("");
    }
}

static const char *
get_run (HeddleRunBar *self,
         Subject subject)
{
  HeddleTrace *trace = heddle_session_get_trace (self->session);

  if (subject == ABOUT_INTERRUPTED)
    return get_newest_interrupted (self)->id;
  return trace != NULL ? heddle_trace_get_run_id (trace) : NULL;
}

/* The buttons that concern one run carry its id. */
static void
set_run (HeddleRunBar *self,
         const char *run)
{
  GtkWidget *const buttons[] = { self->resume_button, self->look_button, self->discard_button };

  if (g_strcmp0 (self->run, run) == 0)
    return;
  g_free (self->run);
  self->run = g_strdup (run);
  for (guint i = 0; run != NULL && i < G_N_ELEMENTS (buttons); i++)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (buttons[i]), "s", run);
}

static void
reloaded_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  heddle_session_show_run_finish (HEDDLE_SESSION (object), result, NULL);
}

static gboolean
reload_cb (gpointer user_data)
{
  HeddleRunBar *self = user_data;

  heddle_past_runs_refresh (heddle_session_get_past_runs (self->session));
  heddle_session_show_run_async (self->session, self->run, NULL, reloaded_cb, NULL);
  return G_SOURCE_CONTINUE;
}

static void
set_reloading (HeddleRunBar *self,
               gboolean reloading)
{
  if (reloading && self->reload_source == 0)
    self->reload_source = g_timeout_add_seconds (RELOAD_SECONDS, reload_cb, self);
  else if (!reloading)
    g_clear_handle_id (&self->reload_source, g_source_remove);
}

static const char *
get_icon (Subject subject)
{
  if (subject == ABOUT_BREAK)
    return "media-playback-pause-symbolic";
  return subject == ABOUT_PAUSE || subject == ABOUT_FAILED ? "dialog-warning-symbolic" : "dialog-information-symbolic";
}

static void
update (HeddleRunBar *self)
{
  Subject subject = judge (self);
  gboolean is_interrupted = subject == ABOUT_INTERRUPTED || subject == ABOUT_SHOWN_INTERRUPTED;
  gboolean has_ended = subject == ABOUT_FAILED || subject == ABOUT_STOPPED;
  g_autofree char *text = describe (self, subject);

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), subject != ABOUT_NOTHING);
  set_reloading (self, subject == ABOUT_OTHER_PROCESS);
  if (subject == ABOUT_NOTHING)
    return;
  gtk_label_set_label (self->label, text);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), get_icon (subject));
  set_run (self, get_run (self, subject));
  gtk_widget_set_visible (self->resume_button, is_interrupted);
  gtk_widget_set_visible (self->look_button, subject == ABOUT_INTERRUPTED);
  gtk_widget_set_visible (self->discard_button, is_interrupted);
  gtk_widget_set_visible (self->continue_button, has_ended);
  gtk_widget_set_visible (self->go_on_button, subject == ABOUT_BREAK);
  gtk_widget_set_visible (self->step_button, subject == ABOUT_BREAK);
  gtk_widget_set_visible (self->stop_button, subject == ABOUT_PAUSE || subject == ABOUT_BREAK);
  gtk_widget_set_visible (self->close_button, is_interrupted || has_ended);
}

static void
close_cb (HeddleRunBar *self)
{
  g_free (self->dismissed);
  self->dismissed = g_strdup (self->run);
  update (self);
}

static GtkWidget *
add_button (GtkWidget *box,
            const char *label,
            const char *action,
            GVariant *target,
            const char *tooltip)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static GtkWidget *
content_new (HeddleRunBar *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (box, g_object_new (HEDDLE_TYPE_WRAP_LAYOUT, "spacing", 8, NULL));
  gtk_widget_add_css_class (box, "run-bar");
  self->icon = gtk_image_new ();
  gtk_box_append (GTK_BOX (box), self->icon);
  self->label = GTK_LABEL (heddle_label_new (NULL, NULL));
  gtk_label_set_wrap (self->label, TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));
  self->look_button = add_button (box, _ ("_Look"), "win.show-run", g_variant_new_string (""), _ ("Show how far the run came"));
  self->discard_button = add_button (box, _ ("_Discard"), "win.discard", g_variant_new_string (""), _ ("Go on with it no more; it stays in the history"));
  self->resume_button = add_button (box, _ ("_Resume"), "win.resume", g_variant_new_string (""), _ ("Go on with the run where it was (F5)"));
  self->continue_button = add_button (box, _ ("_Continue"), "win.continue", NULL, _ ("A new run does what is left, with the workflow as it is now (F5)"));
  self->go_on_button = add_button (box, _ ("_Continue"), "win.continue", NULL, _ ("Go on to the next breakpoint (F5)"));
  self->step_button = add_button (box, _ ("St_ep"), "win.step", NULL, _ ("Run this node, and pause before the next (F10)"));
  self->stop_button = add_button (box, _ ("_Stop"), "win.stop", NULL, _ ("End the run"));
  gtk_widget_add_css_class (self->resume_button, "suggested-action");
  gtk_widget_add_css_class (self->continue_button, "suggested-action");
  gtk_widget_add_css_class (self->go_on_button, "suggested-action");
  self->close_button = heddle_flat_button_new ("window-close-symbolic", _ ("Hide this"));
  gtk_widget_add_css_class (self->close_button, "circular");
  g_signal_connect_object (self->close_button, "clicked", G_CALLBACK (close_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->close_button);
  return box;
}

GtkWidget *
heddle_run_bar_new (HeddleSession *session)
{
  HeddleRunBar *self = g_object_new (HEDDLE_TYPE_RUN_BAR, NULL);
  HeddlePastRuns *past_runs = heddle_session_get_past_runs (session);

  self->session = g_object_ref (session);
  g_signal_connect_object (past_runs, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::trace", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::running", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::pause-reason", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

static void
heddle_run_bar_dispose (GObject *object)
{
  HeddleRunBar *self = HEDDLE_RUN_BAR (object);

  set_reloading (self, FALSE);
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (heddle_session_get_past_runs (self->session), self);
      g_signal_handlers_disconnect_by_data (self->session, self);
    }
  g_clear_object (&self->session);
  g_clear_pointer (&self->revealer, gtk_widget_unparent);
  g_clear_pointer (&self->run, g_free);
  g_clear_pointer (&self->dismissed, g_free);
  G_OBJECT_CLASS (heddle_run_bar_parent_class)->dispose (object);
}

static void
heddle_run_bar_class_init (HeddleRunBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_run_bar_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
heddle_run_bar_init (HeddleRunBar *self)
{
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), content_new (self));
  gtk_widget_set_parent (self->revealer, GTK_WIDGET (self));
}
