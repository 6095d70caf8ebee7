/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "expr/heddle-expr-eval.h"

/* What is offered is there, and what is there is offered, but for what has a better name. */

typedef struct
{
  const char *owner;
  const ExprBuiltin *table;
  const char *unlisted; /* separated by spaces */
} Owner;

static const Owner owners[] = {
  { "Math", expr_math_members, "" },
  { "JSON", expr_json_members, "" },
  { "Date", expr_date_members, "" },
  { "Object", expr_object_members, "" },
  { "Array", expr_array_members, "" },
  { "String", expr_string_members, "fromCharCode" },
  { "Number", expr_number_members, "" },
  { "text", expr_string_methods, "isWellFormed substr toLocaleLowerCase toLocaleUpperCase toString toWellFormed trimLeft trimRight valueOf" },
  { "list", expr_array_methods, "pop shift" },
  { "number", expr_number_methods, "valueOf" },
  { "regexp", expr_regexp_methods, "" },
};

static const HeddleFunctionInfo *
find (const char *owner, const char *name)
{
  for (const HeddleFunctionInfo *info = heddle_expr_list_functions (); info->name != NULL; info++)
    if (g_strcmp0 (info->owner, owner) == 0 && strcmp (info->name, name) == 0)
      return info;
  return NULL;
}

static const Owner *
find_owner (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (owners); i++)
    if (strcmp (owners[i].owner, name) == 0)
      return &owners[i];
  return NULL;
}

static gboolean
is_unlisted (const Owner *owner, const char *name)
{
  g_auto (GStrv) words = g_strsplit (owner->unlisted, " ", -1);

  return g_strv_contains ((const char *const *) words, name);
}

static void
test_all_there (void)
{
  for (const HeddleFunctionInfo *info = heddle_expr_list_functions (); info->name != NULL; info++)
    {
      const Owner *owner = info->owner != NULL ? find_owner (info->owner) : NULL;
      ExprValue value;

      g_test_message ("%s %s", info->owner != NULL ? info->owner : "", info->name);
      g_assert_nonnull (info->help);
      g_assert_true (info->signature == NULL || info->signature[0] == '(');
      if (info->owner == NULL)
        {
          g_assert_true (expr_find_global (info->name, &value));
          continue;
        }
      g_assert_nonnull (owner);
      if (strcmp (info->name, "length") != 0)
        {
          const ExprBuiltin *builtin = expr_find_builtin (owner->table, info->name);

          g_assert_nonnull (builtin);
          g_assert_true ((builtin->func != NULL) == (info->signature != NULL));
        }
    }
}

static void
test_all_offered (void)
{
  const char *const *globals = expr_list_globals ();

  for (gsize i = 0; i < G_N_ELEMENTS (owners); i++)
    for (const ExprBuiltin *builtin = owners[i].table; builtin->name != NULL; builtin++)
      if ((find (owners[i].owner, builtin->name) != NULL) == is_unlisted (&owners[i], builtin->name))
        g_error ("%s of %s", builtin->name, owners[i].owner);
  for (; *globals != NULL; globals++)
    {
      ExprValue value;

      if (expr_find_global (*globals, &value) && value.type == EXPR_FUNCTION && find (NULL, *globals) == NULL)
        g_error ("%s is not offered", *globals);
    }
}

static void
assert_place (const char *source, guint line, guint column)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleExpr) expr = heddle_expr_compile (source, &error);

  g_assert_null (expr);
  g_assert_cmpuint (heddle_expr_error_line (error), ==, line);
  g_assert_cmpuint (heddle_expr_error_column (error), ==, column);
}

static void
test_places (void)
{
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "no place");

  assert_place ("1 + ", 1, 5);
  assert_place ("1 +\n  ]", 2, 3);
  assert_place ("[\n\n1 2]", 3, 3);
  g_assert_cmpuint (heddle_expr_error_line (other), ==, 0);
  g_assert_cmpuint (heddle_expr_error_column (other), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/expr-functions/all-there", test_all_there);
  g_test_add_func ("/expr-functions/all-offered", test_all_offered);
  g_test_add_func ("/expr-functions/places", test_places);

  return g_test_run ();
}
