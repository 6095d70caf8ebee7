/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreign/heddle-foreign.h"

#include <glib/gi18n-lib.h>

#include "foreign/heddle-n8n.h"
#include "heddle-error.h"
#include "value/heddle-json.h"

/* The readers, each of another tool's files. */
static const struct
{
  const char *tool;
  gboolean (*is_one) (JsonNode *root);
  HeddleForeignWorkflow *(*convert) (JsonNode *root);
} readers[] = {
  { "n8n", heddle_n8n_is_workflow, heddle_n8n_convert },
};

static int
find_reader (JsonNode *root)
{
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      if (readers[i].is_one (root))
        return (int) i;
    }
  return -1;
}

const char *
heddle_foreign_recognise (JsonNode *root)
{
  int reader = find_reader (root);

  return reader >= 0 ? readers[reader].tool : NULL;
}

HeddleForeignWorkflow *
heddle_foreign_convert (JsonNode *root, GError **error)
{
  int reader = find_reader (root);
  g_autoptr (HeddleForeignWorkflow) workflow = reader >= 0 ? readers[reader].convert (root) : NULL;

  if (workflow != NULL && workflow->n_nodes > 0)
    return g_steal_pointer (&workflow);
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("There is no node in it. Export the workflow from the other program again."));
  return NULL;
}

void
heddle_foreign_workflow_free (HeddleForeignWorkflow *self)
{
  g_free (self->json);
  g_ptr_array_unref (self->notes);
  g_free (self);
}

char *
heddle_foreign_workflow_describe (const HeddleForeignWorkflow *self)
{
  /* Translators: %s is the name of a program. */
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u node taken over from %s.", "%u nodes taken over from %s.", self->n_nodes), self->n_nodes, self->tool);
  if (self->n_placeholders > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u has no like here and is a placeholder.", "%u have no like here and are placeholders.", self->n_placeholders), self->n_placeholders);
    }
  if (self->notes->len > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append (text, _ ("The note below them says what to look at."));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
heddle_foreign_to_ours (const char *text, gssize length, HeddleForeignWorkflow **foreign, GError **error)
{
  g_autoptr (JsonNode) root = heddle_json_parse (text, length, NULL);

  *foreign = NULL;
  if (root == NULL || heddle_foreign_recognise (root) == NULL)
    return length < 0 ? g_strdup (text) : g_strndup (text, (gsize) length);
  *foreign = heddle_foreign_convert (root, error);
  return *foreign != NULL ? g_strdup ((*foreign)->json) : NULL;
}
