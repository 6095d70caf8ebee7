/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"

/*
 * Failures and changes are noticed on the store's thread and told in the context the store was made in.
 * The weak reference lets the store go meanwhile, and only that context ever makes it a strong one.
 */
struct _HeddleStoreNotifier
{
  GWeakRef store;
  GMainContext *context;
  GMutex lock;
  GPtrArray *watches; /* of Watch; guarded by the lock, as is failure */
  GError *failure;    /* why writing fails now, or NULL */
  guint last_watch;
};

typedef HeddleStoreNotifier Notifier;

/* Somebody who wants to know whether writing works. Refcounted, so that what is on its way to the context finds it. */
typedef struct
{
  guint id; /* 0: nobody any more; changed and read in the context, or before it is told anything */
  GMainContext *context;
  HeddleStoreWritingFunc func;
  gpointer data;
} Watch;

/* One of the two. */
typedef struct
{
  Notifier *notifier;
  GError *error;
  char *variable;
} Notice;

G_DEFINE_FINAL_TYPE (HeddleStore, heddle_store, G_TYPE_OBJECT)

enum
{
  SIGNAL_WRITE_FAILED,
  SIGNAL_VARIABLE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
watch_clear (gpointer data)
{
  g_main_context_unref (((Watch *) data)->context);
}

static void
watch_unref (gpointer watch)
{
  g_atomic_rc_box_release_full (watch, watch_clear);
}

static void
notifier_clear (gpointer data)
{
  Notifier *notifier = data;

  g_weak_ref_clear (&notifier->store);
  g_ptr_array_unref (notifier->watches);
  g_clear_error (&notifier->failure);
  g_mutex_clear (&notifier->lock);
  g_main_context_unref (notifier->context);
}

static void
notifier_release (gpointer notifier)
{
  g_atomic_rc_box_release_full (notifier, notifier_clear);
}

static Notifier *
notifier_new (HeddleStore *store)
{
  Notifier *notifier = g_atomic_rc_box_new0 (Notifier);

  g_weak_ref_init (&notifier->store, store);
  notifier->context = g_main_context_ref_thread_default ();
  notifier->watches = g_ptr_array_new_with_free_func (watch_unref);
  g_mutex_init (&notifier->lock);
  return notifier;
}

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  notifier_release (notice->notifier);
  g_clear_error (&notice->error);
  g_free (notice->variable);
  g_free (notice);
}

static gboolean
notice_cb (gpointer data)
{
  Notice *notice = data;
  g_autoptr (HeddleStore) self = g_weak_ref_get (&notice->notifier->store);

  if (self != NULL && notice->error != NULL)
    g_signal_emit (self, signals[SIGNAL_WRITE_FAILED], 0, notice->error);
  else if (self != NULL)
    g_signal_emit (self, signals[SIGNAL_VARIABLE_CHANGED], 0, notice->variable);
  return G_SOURCE_REMOVE;
}

static void
notify (Notifier *notifier,
        const GError *error,
        const char *variable)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Notice *notice = g_new0 (Notice, 1);

  notice->notifier = g_atomic_rc_box_acquire (notifier);
  notice->error = error != NULL ? g_error_copy (error) : NULL;
  notice->variable = g_strdup (variable);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, notice_cb, notice, notice_free);
  g_source_attach (source, notifier->context);
}

/* What a watch is told in its context. */
typedef struct
{
  Watch *watch;
  GError *error; /* NULL: it works again */
} Word;

static void
word_free (gpointer data)
{
  Word *word = data;

  watch_unref (word->watch);
  g_clear_error (&word->error);
  g_free (word);
}

static gboolean
word_cb (gpointer data)
{
  const Word *word = data;

  if (g_atomic_int_get (&word->watch->id) != 0)
    word->watch->func (word->error, word->watch->data);
  return G_SOURCE_REMOVE;
}

static void
tell (Watch *watch,
      const GError *error)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Word *word = g_new (Word, 1);

  word->watch = g_atomic_rc_box_acquire (watch);
  word->error = error != NULL ? g_error_copy (error) : NULL;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, word_cb, word, word_free);
  g_source_attach (source, watch->context);
}

static void
failed_cb (const GError *error,
           gpointer data)
{
  Notifier *notifier = data;

  if (error != NULL)
    notify (notifier, error, NULL);
  g_mutex_lock (&notifier->lock);
  g_clear_error (&notifier->failure);
  notifier->failure = error != NULL ? g_error_copy (error) : NULL;
  for (guint i = 0; i < notifier->watches->len; i++)
    tell (g_ptr_array_index (notifier->watches, i), error);
  g_mutex_unlock (&notifier->lock);
}

guint
heddle_store_watch_writing (HeddleStore *self,
                            GMainContext *context,
                            HeddleStoreWritingFunc func,
                            gpointer data)
{
  Notifier *notifier;
  Watch *watch;
  guint id;

  g_return_val_if_fail (HEDDLE_IS_STORE (self), 0);
  g_return_val_if_fail (func != NULL, 0);

  notifier = self->notifier;
  watch = g_atomic_rc_box_new0 (Watch);
  watch->context = context != NULL ? g_main_context_ref (context) : g_main_context_ref_thread_default ();
  watch->func = func;
  watch->data = data;
  g_mutex_lock (&notifier->lock);
  id = watch->id = ++notifier->last_watch;
  g_ptr_array_add (notifier->watches, watch);
  if (notifier->failure != NULL)
    tell (watch, notifier->failure);
  g_mutex_unlock (&notifier->lock);
  return id;
}

void
heddle_store_unwatch_writing (HeddleStore *self,
                              guint id)
{
  Notifier *notifier;

  g_return_if_fail (HEDDLE_IS_STORE (self));

  notifier = self->notifier;
  g_mutex_lock (&notifier->lock);
  for (guint i = 0; i < notifier->watches->len; i++)
    {
      Watch *watch = g_ptr_array_index (notifier->watches, i);

      if (watch->id != id)
        continue;
      g_atomic_int_set (&watch->id, 0);
      g_ptr_array_remove_index_fast (notifier->watches, i);
      break;
    }
  g_mutex_unlock (&notifier->lock);
}

void
heddle_store_tell_variable (HeddleStoreNotifier *notifier,
                            const char *name)
{
  notify (notifier, NULL, name);
}

GTask *
heddle_store_new_task (HeddleStore *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data,
                       gpointer tag,
                       gpointer data,
                       GDestroyNotify destroy)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, data, destroy);
  return task;
}

static gpointer
recover (HeddleStoreThread *thread,
         gpointer data,
         GError **error)
{
  return GINT_TO_POINTER (heddle_store_recover_runs (thread, error));
}

/* Nobody waits for it, and what cannot be removed now is tried again with the next run. */
static gpointer
trim (HeddleStoreThread *thread,
      gpointer data,
      GError **error)
{
  return GINT_TO_POINTER (heddle_store_trim_all (thread, error));
}

static gpointer
do_nothing (HeddleStoreThread *thread,
            gpointer data,
            GError **error)
{
  return GINT_TO_POINTER (!heddle_store_thread_is_behind (thread));
}

gboolean
heddle_store_flush (HeddleStore *self)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);

  return heddle_store_thread_call (self->thread, do_nothing, NULL, NULL) != NULL;
}

const char *
heddle_store_get_path (HeddleStore *self)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);

  return self->path;
}

static void
heddle_store_finalize (GObject *object)
{
  HeddleStore *self = HEDDLE_STORE (object);

  g_clear_pointer (&self->thread, heddle_store_thread_stop);
  g_hash_table_unref (self->recording);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  G_OBJECT_CLASS (heddle_store_parent_class)->finalize (object);
}

static void
heddle_store_class_init (HeddleStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = heddle_store_finalize;

  /* Something could not be written; it is kept and tried again every second. Once for each cause. */
  signals[SIGNAL_WRITE_FAILED] = g_signal_new ("write-failed", HEDDLE_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                               G_TYPE_NONE, 1, G_TYPE_ERROR);
  /* A variable that outlives runs was written or deleted by this process. */
  signals[SIGNAL_VARIABLE_CHANGED] = g_signal_new ("variable-changed", HEDDLE_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                   G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
heddle_store_init (HeddleStore *self)
{
  g_mutex_init (&self->lock);
  self->recording = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

HeddleStore *
heddle_store_new (const char *path,
                  GError **error)
{
  g_autoptr (HeddleStore) self = g_object_new (HEDDLE_TYPE_STORE, NULL);

  self->path = path != NULL ? g_strdup (path) : heddle_database_dup_default_path ();
  self->notifier = notifier_new (self);
  /* The thread owns it, and the store the thread. */
  self->thread = heddle_store_thread_new (self->path, failed_cb, self->notifier, notifier_release, error);
  if (self->thread == NULL || heddle_store_thread_call (self->thread, recover, NULL, error) == NULL)
    return NULL;
  heddle_store_thread_do (self->thread, trim);
  return g_steal_pointer (&self);
}
