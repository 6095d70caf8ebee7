/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-cancel-watch.h"

typedef struct
{
  HeddleCancelWatch *watch;
  guint n_told;
  GThread *told_in;
} Listener;

static void
told_cb (gpointer data)
{
  Listener *listener = data;

  listener->n_told++;
  listener->told_in = g_thread_self ();
  g_clear_pointer (&listener->watch, heddle_cancel_watch_free);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_tells_once_and_later (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Listener listener = { 0 };

  listener.watch = heddle_cancel_watch_new (cancellable, NULL, told_cb, &listener);
  settle ();
  g_assert_cmpuint (listener.n_told, ==, 0);
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (listener.n_told, ==, 0);
  settle ();
  g_cancellable_cancel (cancellable);
  settle ();
  g_assert_cmpuint (listener.n_told, ==, 1);
  g_assert_null (listener.watch);
}

static void
test_tells_of_a_cancel_before_it (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Listener listener = { 0 };

  g_cancellable_cancel (cancellable);
  listener.watch = heddle_cancel_watch_new (cancellable, NULL, told_cb, &listener);
  g_assert_cmpuint (listener.n_told, ==, 0);
  settle ();
  g_assert_cmpuint (listener.n_told, ==, 1);
}

static void
test_is_silent_when_freed (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Listener listener = { 0 };

  listener.watch = heddle_cancel_watch_new (cancellable, NULL, told_cb, &listener);
  g_cancellable_cancel (cancellable);
  heddle_cancel_watch_free (listener.watch);
  settle ();
  g_assert_cmpuint (listener.n_told, ==, 0);
  g_assert_null (heddle_cancel_watch_new (NULL, NULL, told_cb, &listener));
  heddle_cancel_watch_free (NULL);
}

static gpointer
cancel_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* The cancel comes while watches go away in another thread; the sanitizers see what is lost. */
static void
test_survives_a_cancel_elsewhere (void)
{
  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Listener listener = { 0 };
      GThread *thread;

      listener.watch = heddle_cancel_watch_new (cancellable, NULL, told_cb, &listener);
      thread = g_thread_new ("cancel", cancel_thread, cancellable);
      if (i % 2 == 0)
        g_clear_pointer (&listener.watch, heddle_cancel_watch_free);
      else
        while (listener.n_told == 0)
          g_main_context_iteration (NULL, TRUE);
      g_thread_join (thread);
      settle ();
      g_assert_cmpuint (listener.n_told, ==, i % 2);
      g_assert_true (listener.n_told == 0 || listener.told_in == g_thread_self ());
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cancel-watch/tells-once-and-later", test_tells_once_and_later);
  g_test_add_func ("/cancel-watch/tells-of-a-cancel-before-it", test_tells_of_a_cancel_before_it);
  g_test_add_func ("/cancel-watch/is-silent-when-freed", test_is_silent_when_freed);
  g_test_add_func ("/cancel-watch/survives-a-cancel-elsewhere", test_survives_a_cancel_elsewhere);
  return g_test_run ();
}
