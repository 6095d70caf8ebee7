/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "provider/heddle-models.h"
#include "provider/heddle-rates.h"
#include "store/heddle-store.h"

#include <string.h>

/* Calls that ask to be let through, and what became of them. */
typedef struct
{
  HeddleRates *rates;
  gint64 now;
  GString *log; /* a letter when let through, in capitals when told to wait, "!" when cancelled */
  HeddleRateCall *calls[26];
} Fixture;

typedef struct
{
  Fixture *fixture;
  char letter;
} Ask;

static gint64
now_cb (gpointer data)
{
  return ((Fixture *) data)->now;
}

static void
setup (Fixture *f, gconstpointer data)
{
  f->rates = heddle_rates_new ();
  f->now = 1000;
  f->log = g_string_new (NULL);
  heddle_rates_set_clock (f->rates, now_cb, f);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
teardown (Fixture *f, gconstpointer data)
{
  settle ();
  heddle_rates_unref (f->rates);
  g_string_free (f->log, TRUE);
}

static void
waiting_cb (gpointer data)
{
  const Ask *ask = data;

  g_string_append_c (ask->fixture->log, g_ascii_toupper (ask->letter));
}

static void
entered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Ask *ask = data;
  g_autoptr (GError) error = NULL;
  HeddleRateCall *call = heddle_rates_enter_finish (result, &error);

  g_string_append_c (ask->fixture->log, call != NULL ? ask->letter : '!');
  ask->fixture->calls[ask->letter - 'a'] = call;
  g_assert_true (call != NULL || heddle_error_is_cancelled (error));
}

static void
enter (Fixture *f, char letter, const HeddleRateLimits *limits, gint64 tokens, GCancellable *cancellable)
{
  Ask *ask = g_new (Ask, 1);

  ask->fixture = f;
  ask->letter = letter;
  heddle_rates_enter_async (f->rates, "key", limits, tokens, waiting_cb, ask, cancellable, entered_cb, ask);
  settle ();
}

static void
leave (Fixture *f, char letter, gint64 tokens)
{
  heddle_rates_leave (g_steal_pointer (&f->calls[letter - 'a']), tokens);
  settle ();
}

static void
assert_log (Fixture *f, const char *expected)
{
  g_assert_cmpstr (f->log->str, ==, expected);
  g_string_truncate (f->log, 0);
}

static void
advance (Fixture *f, double seconds)
{
  f->now += (gint64) (seconds * G_USEC_PER_SEC);
  heddle_rates_look (f->rates);
  settle ();
}

static void
test_parallel (Fixture *f, gconstpointer data)
{
  const HeddleRateLimits limits = { .parallel = 2 };

  for (char letter = 'a'; letter <= 'e'; letter++)
    enter (f, letter, &limits, 0, NULL);
  assert_log (f, "abCDE");
  leave (f, 'b', -1);
  assert_log (f, "c");
  leave (f, 'a', -1);
  leave (f, 'c', -1);
  assert_log (f, "de");
  leave (f, 'd', -1);
  leave (f, 'e', -1);
}

static void
test_requests (Fixture *f, gconstpointer data)
{
  const HeddleRateLimits limits = { .requests_per_minute = 2 };

  enter (f, 'a', &limits, 0, NULL);
  advance (f, 30);
  enter (f, 'b', &limits, 0, NULL);
  leave (f, 'a', -1);
  leave (f, 'b', -1);
  enter (f, 'c', &limits, 0, NULL);
  enter (f, 'd', &limits, 0, NULL);
  assert_log (f, "abCD");
  advance (f, 29.9);
  assert_log (f, "");
  /* Never more than two in any minute, and in the order they came. */
  advance (f, 0.1);
  assert_log (f, "c");
  advance (f, 29.9);
  assert_log (f, "");
  advance (f, 0.1);
  assert_log (f, "d");
  leave (f, 'c', -1);
  leave (f, 'd', -1);
}

static void
test_tokens (Fixture *f, gconstpointer data)
{
  const HeddleRateLimits limits = { .tokens_per_minute = 100 };

  enter (f, 'a', &limits, 60, NULL);
  enter (f, 'b', &limits, 60, NULL);
  enter (f, 'c', &limits, 1, NULL);
  assert_log (f, "aBC");
  /* It took less than was thought, so the next may come. */
  leave (f, 'a', 40);
  assert_log (f, "b");
  leave (f, 'b', -1);
  assert_log (f, "");
  advance (f, 60);
  assert_log (f, "c");
  leave (f, 'c', 1);
  advance (f, 60);
  /* What is more than the limit by itself goes through alone instead of never. */
  enter (f, 'd', &limits, 1000, NULL);
  assert_log (f, "d");
  enter (f, 'e', &limits, 1, NULL);
  leave (f, 'd', 1000);
  assert_log (f, "E");
  advance (f, 60);
  assert_log (f, "e");
  leave (f, 'e', 1);
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  const HeddleRateLimits limits = { .parallel = 1 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  enter (f, 'a', &limits, 0, NULL);
  enter (f, 'b', &limits, 0, cancellable);
  enter (f, 'c', &limits, 0, NULL);
  assert_log (f, "aBC");
  g_cancellable_cancel (cancellable);
  settle ();
  assert_log (f, "!");
  leave (f, 'a', -1);
  assert_log (f, "c");
  leave (f, 'c', -1);
  /* One that is cancelled before it asks takes no place. */
  enter (f, 'd', &limits, 0, cancellable);
  assert_log (f, "!");
  enter (f, 'e', &limits, 0, NULL);
  assert_log (f, "e");
  leave (f, 'e', -1);
}

/* Raising a limit lets those through that waited, with the next look. */
static void
test_raised (Fixture *f, gconstpointer data)
{
  const HeddleRateLimits one = { .parallel = 1 }, three = { .parallel = 3 };

  enter (f, 'a', &one, 0, NULL);
  enter (f, 'b', &one, 0, NULL);
  assert_log (f, "aB");
  enter (f, 'c', &three, 0, NULL);
  assert_log (f, "bc");
  leave (f, 'a', -1);
  leave (f, 'b', -1);
  leave (f, 'c', -1);
}

/* What the other side asks for holds back all, those without limits too; the longest counts. */
static void
test_held (Fixture *f, gconstpointer data)
{
  const HeddleRateLimits none = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  heddle_rates_hold (f->rates, "key", 2000);
  heddle_rates_hold (f->rates, "key", 1000);
  heddle_rates_hold (f->rates, "key", -1);
  heddle_rates_hold (f->rates, "key", HEDDLE_RATES_MOST_HOLD + 1);
  heddle_rates_hold (f->rates, "other", 90000);
  enter (f, 'a', &none, 0, NULL);
  enter (f, 'b', &none, 0, cancellable);
  enter (f, 'c', &none, 0, NULL);
  assert_log (f, "ABC");
  g_cancellable_cancel (cancellable);
  settle ();
  assert_log (f, "!");
  advance (f, 1.9);
  assert_log (f, "");
  advance (f, 0.1);
  assert_log (f, "ac");
  leave (f, 'a', -1);
  leave (f, 'c', -1);
}

/* A key is forgotten once nobody uses it and nothing of it counts any more. */
static void
test_forgotten (Fixture *f, gconstpointer data)
{
  const HeddleRateLimits parallel = { .parallel = 1 }, minute = { .requests_per_minute = 5 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  enter (f, 'a', &parallel, 0, NULL);
  enter (f, 'b', &parallel, 0, cancellable);
  g_cancellable_cancel (cancellable);
  settle ();
  g_assert_cmpuint (heddle_rates_count (f->rates), ==, 1);
  leave (f, 'a', -1);
  g_assert_cmpuint (heddle_rates_count (f->rates), ==, 0);
  /* The last minute counts, and so does a break that was asked for. */
  enter (f, 'c', &minute, 0, NULL);
  leave (f, 'c', -1);
  heddle_rates_hold (f->rates, "other", 90000);
  g_assert_cmpuint (heddle_rates_count (f->rates), ==, 2);
  advance (f, 60);
  g_assert_cmpuint (heddle_rates_count (f->rates), ==, 1);
  advance (f, 30);
  g_assert_cmpuint (heddle_rates_count (f->rates), ==, 0);
  g_assert_cmpuint (f->log->len, ==, strlen ("aB!c"));
}

/* By the real clock, so that the timer is seen to fire; it is the order that counts. */
static void
test_timer (Fixture *f, gconstpointer data)
{
  const HeddleRateLimits limits = { .requests_per_minute = 1 };

  enter (f, 'a', &limits, 0, NULL);
  leave (f, 'a', -1);
  f->now += 60 * G_USEC_PER_SEC - 5000;
  enter (f, 'b', &limits, 0, NULL);
  assert_log (f, "aB");
  f->now += 5000;
  while (f->log->len == 0)
    g_main_context_iteration (NULL, TRUE);
  assert_log (f, "b");
  leave (f, 'b', -1);
}

static void
test_kept (void)
{
  g_autoptr (HeddleModels) models = heddle_models_new (NULL, NULL);
  HeddleRateLimits limits = { 2, 3, 4 };

  g_assert_true (heddle_models_set_limits (models, "local", &limits, NULL));
  g_assert_false (heddle_models_get_limits (models, "other", &limits));
  g_assert_cmpuint (limits.parallel, ==, 0);
  g_assert_true (heddle_models_get_limits (models, "local", &limits));
  g_assert_cmpint (limits.tokens_per_minute, ==, 4);
}

static void
test_settable (void)
{
  g_autoptr (HeddleStore) store = heddle_store_new (":memory:", NULL);
  g_autoptr (HeddleLimits) limits = heddle_limits_new (store);
  g_autoptr (HeddleLimits) later = NULL;
  const HeddleRateLimits explicit = { .parallel = 2 };
  HeddleRateLimits found;
  guint per_credential, per_host;

  heddle_limits_get_effective (limits, "credential:shop", &found);
  g_assert_cmpuint (found.parallel, ==, HEDDLE_LIMITS_PER_CREDENTIAL);
  heddle_limits_get_effective (limits, "provider", &found);
  g_assert_cmpuint (found.parallel, ==, 0);
  g_assert_true (heddle_limits_set_parallel (limits, 3, G_MAXUINT, NULL));
  g_assert_true (heddle_limits_set (limits, "credential:own", &explicit, NULL));
  later = heddle_limits_new (store);
  heddle_limits_get_parallel (later, &per_credential, &per_host);
  g_assert_cmpuint (per_credential, ==, 3);
  g_assert_cmpuint (per_host, ==, HEDDLE_LIMITS_MOST_PARALLEL);
  heddle_limits_get_effective (later, "credential:own", &found);
  g_assert_cmpuint (found.parallel, ==, 2);
}

static void
set_provider (HeddleModels *models, const char *id, const char *credential)
{
  const HeddleProviderInfo info = { .id = (char *) id, .kind = (char *) "openai-compatible", .base_url = (char *) "http://127.0.0.1:1/v1", .credential = (char *) credential };
  g_autoptr (GError) error = NULL;

  heddle_models_set_provider (models, &info, &error);
  g_assert_no_error (error);
}

static guint
get_parallel (HeddleModels *models, const char *provider)
{
  HeddleRateLimits limits;

  heddle_models_get_limits (models, provider, &limits);
  return limits.parallel;
}

/* Limits are those of a credential; a provider that gets another one keeps its own unless that has some. */
static void
test_shared (void)
{
  g_autoptr (HeddleModels) models = heddle_models_new (NULL, NULL);
  const HeddleRateLimits three = { .parallel = 3 }, five = { .parallel = 5 };

  set_provider (models, "one", "key");
  set_provider (models, "two", "key");
  set_provider (models, "own", NULL);
  g_assert_true (heddle_models_set_limits (models, "one", &three, NULL));
  g_assert_true (heddle_models_set_limits (models, "own", &five, NULL));
  g_assert_cmpuint (get_parallel (models, "two"), ==, 3);
  g_assert_cmpuint (get_parallel (models, "own"), ==, 5);
  set_provider (models, "own", "new");
  g_assert_cmpuint (get_parallel (models, "own"), ==, 5);
  set_provider (models, "own", "key");
  g_assert_cmpuint (get_parallel (models, "own"), ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/rates/" name, Fixture, NULL, setup, function, teardown)
  ADD ("parallel", test_parallel);
  ADD ("requests", test_requests);
  ADD ("tokens", test_tokens);
  ADD ("cancel", test_cancel);
  ADD ("raised", test_raised);
  ADD ("held", test_held);
  ADD ("forgotten", test_forgotten);
  ADD ("timer", test_timer);
  g_test_add_func ("/rates/kept", test_kept);
  g_test_add_func ("/rates/settable", test_settable);
  g_test_add_func ("/rates/shared", test_shared);
  return g_test_run ();
}
