/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-toast.h"

#define TURNS "heddle-toast-turns"

/* One slides out for 300 ms, and in for 500 ms when another slides out: it must not be out before it is in. */
#define STAYS (300 * G_TIME_SPAN_MILLISECOND)
#define SLIDES_OUT (400 * G_TIME_SPAN_MILLISECOND)

/* Of one overlay: which of its toasts is seen, and since when. The overlay itself tells nobody. Its toasts share it. */
typedef struct
{
  GQueue toasts; /* borrowed; the first one is seen, the others wait */
  gint64 since;  /* monotonic time */
  gint64 free_from;
} Turns;

static void
turns_clear (gpointer data)
{
  g_queue_clear (&((Turns *) data)->toasts);
}

static void
turns_unref (gpointer data)
{
  g_rc_box_release_full (data, turns_clear);
}

static Turns *
get_turns (AdwToastOverlay *overlay)
{
  Turns *turns = g_object_get_data (G_OBJECT (overlay), TURNS);

  if (turns != NULL)
    return turns;
  turns = g_rc_box_new0 (Turns);
  g_object_set_data_full (G_OBJECT (overlay), TURNS, turns, turns_unref);
  return turns;
}

AdwToast *
heddle_toast_new (const char *message)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);

  return adw_toast_new (escaped);
}

static void
dismissed_cb (AdwToast *toast)
{
  Turns *turns = g_object_get_data (G_OBJECT (toast), TURNS);

  if (g_queue_peek_head (&turns->toasts) == toast)
    turns->since = turns->free_from = g_get_monotonic_time () + SLIDES_OUT;
  g_queue_remove (&turns->toasts, toast);
}

void
heddle_toast_show (AdwToastOverlay *overlay,
                   AdwToast *toast)
{
  Turns *turns;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (overlay));
  g_return_if_fail (ADW_IS_TOAST (toast));

  turns = get_turns (overlay);
  if (g_queue_is_empty (&turns->toasts))
    turns->since = MAX (g_get_monotonic_time (), turns->free_from);
  g_queue_push_tail (&turns->toasts, toast);
  g_object_set_data_full (G_OBJECT (toast), TURNS, g_rc_box_acquire (turns), turns_unref);
  g_signal_connect (toast, "dismissed", G_CALLBACK (dismissed_cb), NULL);
  adw_toast_overlay_add_toast (overlay, toast);
}

static gboolean
dismiss_later_cb (gpointer toast)
{
  heddle_toast_dismiss (toast);
  return G_SOURCE_REMOVE;
}

void
heddle_toast_dismiss (AdwToast *toast)
{
  Turns *turns;
  gint64 left;

  g_return_if_fail (ADW_IS_TOAST (toast));

  turns = g_object_get_data (G_OBJECT (toast), TURNS);
  if (turns == NULL || g_queue_find (&turns->toasts, toast) == NULL)
    return;
  left = g_queue_peek_head (&turns->toasts) == toast ? turns->since + STAYS - g_get_monotonic_time () : 0;
  if (left <= 0)
    adw_toast_dismiss (toast);
  else
    g_timeout_add_full (G_PRIORITY_DEFAULT, (guint) (left / G_TIME_SPAN_MILLISECOND) + 1, dismiss_later_cb, g_object_ref (toast), g_object_unref);
}
