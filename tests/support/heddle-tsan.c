/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Only in the thread sanitizer's build. GLib synchronises by futexes of its own, which the sanitizer does not see in a
 * library that was built without it, so each hand-over between threads would look like a race. These wrappers stand in
 * front of GLib's functions and tell the sanitizer what they guarantee: what happened before a release of an address
 * happens before the acquire of it that follows.
 */

#include <dlfcn.h>
#include <gio/gio.h>
#include <sanitizer/tsan_interface.h>

/* GLib's own function of this name. */
#define REAL(name)                                                             \
  ({                                                                           \
    static __typeof__ (&name) cached;                                          \
    __typeof__ (&name) function = __atomic_load_n (&cached, __ATOMIC_RELAXED); \
    if (function == NULL)                                                      \
      {                                                                        \
        function = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name);              \
        __atomic_store_n (&cached, function, __ATOMIC_RELAXED);                \
      }                                                                        \
    function;                                                                  \
  })

static void
hand_over (gpointer address)
{
  __tsan_release (address);
  __tsan_acquire (address);
}

/* Locks: what was done under the lock is seen by who takes it next. */

void
g_mutex_lock (GMutex *mutex)
{
  REAL (g_mutex_lock)
  (mutex);
  __tsan_acquire (mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked = REAL (g_mutex_trylock) (mutex);

  if (locked)
    __tsan_acquire (mutex);
  return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_mutex_unlock)
  (mutex);
}

void
g_rec_mutex_lock (GRecMutex *mutex)
{
  REAL (g_rec_mutex_lock)
  (mutex);
  __tsan_acquire (mutex);
}

void
g_rec_mutex_unlock (GRecMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_rec_mutex_unlock)
  (mutex);
}

void
g_rw_lock_writer_lock (GRWLock *lock)
{
  REAL (g_rw_lock_writer_lock)
  (lock);
  __tsan_acquire (lock);
}

void
g_rw_lock_writer_unlock (GRWLock *lock)
{
  __tsan_release (lock);
  REAL (g_rw_lock_writer_unlock)
  (lock);
}

void
g_rw_lock_reader_lock (GRWLock *lock)
{
  REAL (g_rw_lock_reader_lock)
  (lock);
  __tsan_acquire (lock);
}

void
g_rw_lock_reader_unlock (GRWLock *lock)
{
  __tsan_release (lock);
  REAL (g_rw_lock_reader_unlock)
  (lock);
}

/* A wait gives the lock away and takes it again. */

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_cond_wait)
  (cond, mutex);
  __tsan_acquire (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  __tsan_release (mutex);
  gboolean signalled = REAL (g_cond_wait_until) (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return signalled;
}

gboolean (g_once_init_enter) (volatile void *location)
{
  gboolean first = REAL (g_once_init_enter) (location);

  if (!first)
    __tsan_acquire ((gpointer) location);
  return first;
}

void (g_once_init_leave) (volatile void *location, gsize result)
{
  __tsan_release ((gpointer) location);
  REAL (g_once_init_leave)
  (location, result);
}

/* Counted references: the last owner sees what every other one did. */

void
g_object_unref (gpointer object)
{
  hand_over (object);
  REAL (g_object_unref)
  (object);
}

gboolean (g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  hand_over (count);
  return REAL (g_atomic_ref_count_dec) (count);
}

void
g_atomic_rc_box_release (gpointer box)
{
  hand_over (box);
  REAL (g_atomic_rc_box_release)
  (box);
}

void
g_atomic_rc_box_release_full (gpointer box, GDestroyNotify clear)
{
  hand_over (box);
  REAL (g_atomic_rc_box_release_full)
  (box, clear);
}

void
g_bytes_unref (GBytes *bytes)
{
  if (bytes)
    hand_over (bytes);
  REAL (g_bytes_unref)
  (bytes);
}

/* Queues and pools: who takes an item sees what its giver did. */

void
g_async_queue_push (GAsyncQueue *queue, gpointer item)
{
  __tsan_release (queue);
  REAL (g_async_queue_push)
  (queue, item);
}

gpointer
g_async_queue_pop (GAsyncQueue *queue)
{
  gpointer item = REAL (g_async_queue_pop) (queue);

  __tsan_acquire (queue);
  return item;
}

gpointer
g_async_queue_try_pop (GAsyncQueue *queue)
{
  gpointer item = REAL (g_async_queue_try_pop) (queue);

  __tsan_acquire (queue);
  return item;
}

gpointer
g_async_queue_timeout_pop (GAsyncQueue *queue, guint64 timeout)
{
  gpointer item = REAL (g_async_queue_timeout_pop) (queue, timeout);

  __tsan_acquire (queue);
  return item;
}

typedef struct
{
  GFunc func;
  gpointer user_data;
} PoolFunc;

static void
pool_item (gpointer item, gpointer user_data)
{
  PoolFunc *call = user_data;

  __tsan_acquire (call);
  __tsan_acquire (item);
  call->func (item, call->user_data);
}

GThreadPool *
g_thread_pool_new (GFunc func, gpointer user_data, gint max_threads, gboolean exclusive, GError **error)
{
  return g_thread_pool_new_full (func, user_data, NULL, max_threads, exclusive, error);
}

/* A pool lives about as long as its process, so its call does too. */
GThreadPool *
g_thread_pool_new_full (GFunc func, gpointer user_data, GDestroyNotify free_item, gint max_threads, gboolean exclusive, GError **error)
{
  PoolFunc *call = g_new (PoolFunc, 1);

  *call = (PoolFunc){ func, user_data };
  __tsan_release (call);
  return REAL (g_thread_pool_new_full) (pool_item, call, free_item, max_threads, exclusive, error);
}

gboolean
g_thread_pool_push (GThreadPool *pool, gpointer item, GError **error)
{
  __tsan_release (item);
  return REAL (g_thread_pool_push) (pool, item, error);
}

/* Sources: the callback sees what was done before its source was attached. */

typedef struct
{
  GSourceFunc func;
  gpointer data;
  GDestroyNotify destroy;
  GSource *source;
} SourceCall;

static gboolean
source_called (gpointer data)
{
  SourceCall *call = data;

  __tsan_acquire (call);
  __tsan_acquire (call->source);
  return call->func (call->data);
}

static void
source_call_free (gpointer data)
{
  SourceCall *call = data;

  __tsan_acquire (call);
  __tsan_acquire (call->source);
  if (call->destroy)
    call->destroy (call->data);
  g_free (call);
}

/* Other kinds of source call with other arguments; they belong to one thread. */
static gboolean
calls_with_data_only (GSource *source)
{
  return source->source_funcs == &g_idle_funcs || source->source_funcs == &g_timeout_funcs;
}

void
g_source_set_callback (GSource *source, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  SourceCall *call;

  if (!calls_with_data_only (source))
    {
      REAL (g_source_set_callback)
      (source, func, data, destroy);
      return;
    }
  call = g_new (SourceCall, 1);
  *call = (SourceCall){ func, data, destroy, source };
  __tsan_release (call);
  REAL (g_source_set_callback)
  (source, source_called, call, source_call_free);
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  __tsan_release (source);
  return REAL (g_source_attach) (source, context);
}

void
g_source_destroy (GSource *source)
{
  __tsan_release (source);
  REAL (g_source_destroy)
  (source);
}

/* GLib's shorthands call its own functions inside the library, so they are spelled out again. */

static guint
attach_new (GSource *source, gint priority, GSourceFunc func, gpointer data, GDestroyNotify destroy, GMainContext *context)
{
  guint id;

  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, data, destroy);
  id = g_source_attach (source, context);
  g_source_unref (source);
  return id;
}

guint
g_idle_add_full (gint priority, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  return attach_new (g_idle_source_new (), priority, func, data, destroy, NULL);
}

guint
g_idle_add (GSourceFunc func, gpointer data)
{
  return g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, func, data, NULL);
}

guint
g_timeout_add_full (gint priority, guint interval, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  return attach_new (g_timeout_source_new (interval), priority, func, data, destroy, NULL);
}

guint
g_timeout_add (guint interval, GSourceFunc func, gpointer data)
{
  return g_timeout_add_full (G_PRIORITY_DEFAULT, interval, func, data, NULL);
}

/* Always by way of the loop: that is where a call that crosses threads goes. */
void
g_main_context_invoke_full (GMainContext *context, gint priority, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  if (g_main_context_is_owner (context ? context : g_main_context_default ()))
    {
      REAL (g_main_context_invoke_full)
      (context, priority, func, data, destroy);
      return;
    }
  attach_new (g_idle_source_new (), priority, func, data, destroy, context);
}

void
g_main_context_invoke (GMainContext *context, GSourceFunc func, gpointer data)
{
  g_main_context_invoke_full (context, G_PRIORITY_DEFAULT, func, data, NULL);
}

/* Tasks in GIO's pool, which takes them by calls inside GLib. */

static GTaskThreadFunc
task_func (GTask *task)
{
  return g_object_get_data (G_OBJECT (task), "heddle-tsan-func");
}

static void
task_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  __tsan_acquire (task);
  task_func (task) (task, source, data, cancellable);
  __tsan_release (task);
}

void
g_task_run_in_thread (GTask *task, GTaskThreadFunc func)
{
  g_object_set_data (G_OBJECT (task), "heddle-tsan-func", func);
  __tsan_release (task);
  REAL (g_task_run_in_thread)
  (task, task_thread);
}

void
g_task_run_in_thread_sync (GTask *task, GTaskThreadFunc func)
{
  g_object_set_data (G_OBJECT (task), "heddle-tsan-func", func);
  __tsan_release (task);
  REAL (g_task_run_in_thread_sync)
  (task, task_thread);
  __tsan_acquire (task);
}

gpointer
g_task_propagate_pointer (GTask *task, GError **error)
{
  __tsan_acquire (task);
  return REAL (g_task_propagate_pointer) (task, error);
}
