/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-toast.h"
#include "common/heddle-widgets.h"
#include "run/heddle-input-form.h"

/* The small things that several panels share. */

static void
show (GtkWidget *content)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), content);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (content))
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_gone (AdwToast *toast)
{
  g_object_add_weak_pointer (G_OBJECT (toast), (gpointer *) &toast);
  while (toast != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Longer than a toast takes to slide in. */
static void
wait_for_animations (void)
{
  gint64 end = g_get_monotonic_time () + 400 * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

static void
say_next_cb (AdwToast *first,
             AdwToast *next)
{
  heddle_toast_show (g_object_get_data (G_OBJECT (next), "overlay"), next);
  heddle_toast_dismiss (next);
}

/* Messages that are over as soon as they have been said; the second comes while the first still slides out. */
static void
test_toast_over_at_once (void)
{
  AdwToastOverlay *overlay = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  AdwToast *first = heddle_toast_new ("a < b"), *second = heddle_toast_new ("c");

  show (GTK_WIDGET (overlay));
  g_assert_cmpstr (adw_toast_get_title (first), ==, "a &lt; b");
  heddle_toast_show (overlay, first);
  g_signal_connect_after (first, "dismissed", G_CALLBACK (say_next_cb), second);
  g_object_set_data (G_OBJECT (second), "overlay", overlay);
  heddle_toast_dismiss (first);
  wait_gone (second);
  wait_for_animations ();
  gtk_window_destroy (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (overlay))));
}

/* One that is dismissed while it waits comes never; the one behind it is not dismissed while it slides in. */
static void
test_toast_dismissed_in_turn (void)
{
  AdwToastOverlay *overlay = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  AdwToast *toasts[] = { heddle_toast_new ("a"), heddle_toast_new ("b"), heddle_toast_new ("c") };

  show (GTK_WIDGET (overlay));
  for (guint i = 0; i < G_N_ELEMENTS (toasts); i++)
    heddle_toast_show (overlay, toasts[i]);
  g_object_add_weak_pointer (G_OBJECT (toasts[1]), (gpointer *) &toasts[1]);
  heddle_toast_dismiss (toasts[1]);
  g_assert_null (toasts[1]);
  heddle_toast_dismiss (toasts[0]);
  g_signal_connect_swapped (toasts[0], "dismissed", G_CALLBACK (heddle_toast_dismiss), toasts[2]);
  wait_gone (toasts[2]);
  wait_for_animations ();
  gtk_window_destroy (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (overlay))));
}

/* Both a second dismissal and the end of the window find nothing left to do. */
static void
test_toast_dismissed_twice (void)
{
  AdwToastOverlay *overlay = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  AdwToast *toast = heddle_toast_new ("once");

  show (GTK_WIDGET (overlay));
  heddle_toast_show (overlay, toast);
  heddle_toast_dismiss (toast);
  heddle_toast_dismiss (toast);
  gtk_window_destroy (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (overlay))));
  wait_gone (toast);
}

static GtkWidget *
find_child (GtkWidget *widget,
            GType type,
            const char *label)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && (label == NULL || g_strcmp0 (gtk_label_get_label (GTK_LABEL (widget)), label) == 0))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_child (child, type, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* What is said about a field that is empty goes as soon as it is not. */
static void
test_form_problem (void)
{
  g_autoptr (HeddleInputForm) form = g_object_ref_sink (HEDDLE_INPUT_FORM (heddle_input_form_new ()));
  g_autoptr (JsonNode) fields = heddle_json_parse ("[{\"name\":\"subject\",\"title\":\"Subject\",\"required\":true}]", -1, NULL);
  g_autoptr (JsonNode) none = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *label;

  heddle_input_form_set_fields (form, fields, NULL);
  none = heddle_input_form_dup_input (form, &error);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  label = find_child (GTK_WIDGET (form), GTK_TYPE_LABEL, error->message);
  g_assert_nonnull (label);
  g_assert_true (gtk_widget_get_visible (label));
  gtk_editable_set_text (GTK_EDITABLE (find_child (GTK_WIDGET (form), ADW_TYPE_ENTRY_ROW, NULL)), "H");
  g_assert_false (gtk_widget_get_visible (label));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/widgets/form/problem", test_form_problem);
  g_test_add_func ("/widgets/toast/over-at-once", test_toast_over_at_once);
  g_test_add_func ("/widgets/toast/dismissed-in-turn", test_toast_dismissed_in_turn);
  g_test_add_func ("/widgets/toast/dismissed-twice", test_toast_dismissed_twice);
  return g_test_run ();
}
