/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-pattern.h"

#include "heddle-error.h"

static void
test_replace (void)
{
  static const struct
  {
    const char *pattern;
    const char *text;
    const char *result;
  } cases[] = {
    { "\\d{3,}", "call 12345 or 678, not 9", "call [#] or [#], not 9" },
    { "a*", "baab", "b[#]b" },
    { "(?i)SECRET", "secret Secret", "[#] [#]" },
    { "ö", "schön", "sch[#]n" },
    { "^", "a", "a" },
    { "x", "", "" },
    { "\\$1", "$1", "[#]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddlePattern) pattern = heddle_pattern_new (cases[i].pattern, NULL);
      gint64 steps = HEDDLE_PATTERN_STEPS;
      g_autofree char *result = NULL;

      result = heddle_pattern_replace (pattern, cases[i].text, "[#]", &steps, NULL);
      g_assert_cmpstr (result, ==, cases[i].result);
    }
}

static void
test_invalid (void)
{
  g_autofree char *many = g_strnfill (200, '(');
  g_autofree char *closed = g_strnfill (200, ')');
  g_autofree char *nested = g_strconcat (many, closed, NULL);
  const char *const patterns[] = { "(", "[a", "\\C", nested };

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HeddlePattern) pattern = heddle_pattern_new (patterns[i], &error);

      g_assert_null (pattern);
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
}

/* Exponential, and quadratic in the length of the text, where no single place takes long. */
static void
test_hostile (void)
{
  static const char *const patterns[] = { "^(a+)+$", "^(?:(a|aa)+)*$", "(?:a|b)*\\d", "a*a*a*\\d" };
  g_autofree char *text = g_strnfill (20000, 'a');
  g_autofree char *longer = g_strconcat (text, "!", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autoptr (HeddlePattern) pattern = heddle_pattern_new (patterns[i], NULL);
      g_autoptr (GError) error = NULL;
      gint64 steps = HEDDLE_PATTERN_STEPS;

      g_assert_false (heddle_pattern_matches (pattern, longer, &steps, &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pattern/replace", test_replace);
  g_test_add_func ("/pattern/invalid", test_invalid);
  g_test_add_func ("/pattern/hostile", test_hostile);
  return g_test_run ();
}
